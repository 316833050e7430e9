import { Failure, type FailureCode } from '@reverie/contracts';
import { tooLarge } from './download.ts';
import { secondsInWords } from './in-words.ts';

/** What yt-dlp's errors mean, the first that fits. Sites word them as they like; these are the words they like. */
const MEANINGS: [RegExp, FailureCode][] = [
  // The site takes us for a machine, or is not well; both pass.
  [/not a bot|HTTP Error (429|5\d\d)|too many requests|rate.?limit/i, 'source_unavailable'],
  [
    /unsupported url|not a valid url|DRM|requested format is not available|no video formats|live event|premieres/i,
    'source_refused',
  ],
  [
    /unavailable|private|removed|deleted|does not exist|not exist|no longer|terminated|not available/i,
    'source_missing',
  ],
  [/sign in|log ?in|members.only|HTTP Error 4(01|03|04|10)/i, 'source_missing'],
];

/** For `.catch` of yt-dlp. What has no meaning above is the network's or the site's trouble, or an old yt-dlp's. */
export function pageRefusal(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'ffmpeg_failed') throw error;
  const log = error.trace?.log ?? '';
  // Behind it stands how to report a fault to those who make yt-dlp.
  const said = /^ERROR: (.*?)(; please report.*)?$/m.exec(log)?.[1]?.slice(0, 300) ?? error.message;
  const code = MEANINGS.find(([words]) => words.test(said))?.[1] ?? 'source_unavailable';
  throw new Failure(code, `yt-dlp: ${said}`, { cause: error, trace: error.trace });
}

/** Why it ended well and brought nothing. */
export function notBrought(said: string, limits: { maxBytes: number; maxSeconds: number }): Failure {
  if (/larger than max-filesize/i.test(said)) return tooLarge(limits.maxBytes);
  const filter = /does not pass filter \(?(.*?)\)?, skipping/i.exec(said)?.[1] ?? '';
  if (filter.includes('duration')) {
    const most = secondsInWords(limits.maxSeconds);
    return new Failure('media_too_long', `the video is longer than ${most}, the most it may be (MAX_SOURCE_MINUTES)`);
  }
  if (filter.includes('is_live')) {
    return new Failure('source_refused', 'this is a live stream: it can be fetched once it is over');
  }
  return new Failure('source_refused', 'yt-dlp found no video on this page');
}
