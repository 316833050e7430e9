import { readdir, rename } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { run } from '@reverie/media';
import { tooLarge } from './download.ts';
import { notBrought, pageRefusal } from './page-refusal.ts';

export interface Paging {
  ytdlpPath: string;
  /** Joins picture and sound that come apart. */
  ffmpegPath: string;
  /** The folder of the attempt. */
  cwd: string;
  maxBytes: number;
  maxSeconds: number;
  soundAlone: boolean;
  signal: AbortSignal;
  onBytes(have: number, bytes: number | undefined): void;
}

/** What yt-dlp calls its files here; it adds an extension of its own choice. */
const ITS_NAME = 'page';
const PROGRESS = 'reverie-progress';

/** Has yt-dlp bring the video of a page into the folder, as `name`. */
export async function fetchPage(url: string, name: string, options: Paging): Promise<void> {
  const tooMuch = new AbortController();
  const said: string[] = [];
  const onLine = (line: string) => {
    const [, have, bytes] = new RegExp(`^${PROGRESS} (\\d+) (\\d+|NA)`).exec(line) ?? [];
    if (have === undefined) return void said.push(line);
    options.onBytes(Number(have), bytes === 'NA' ? undefined : Number(bytes));
    // --max-filesize knows nothing of what comes in fragments.
    if (Number(have) > options.maxBytes) tooMuch.abort(tooLarge(options.maxBytes));
  };
  const signal = AbortSignal.any([options.signal, tooMuch.signal]);
  await run(options.ytdlpPath, argumentsFor(url, options), { cwd: options.cwd, signal, onLine }).catch(pageRefusal);
  const brought = (await readdir(options.cwd)).find((file) => FINISHED.test(file));
  if (!brought) throw notBrought(said.join('\n'), options);
  await rename(join(options.cwd, brought), join(options.cwd, name));
}

/** `page.mp4`; what is in parts, or waits to be joined, has more dots or other endings. */
const FINISHED = new RegExp(`^${ITS_NAME}\\.(?!part|ytdl|temp)[a-z0-9]+$`);

function argumentsFor(url: string, { ffmpegPath, maxBytes, maxSeconds, soundAlone }: Paging): string[] {
  return [
    // Nothing of this machine: no settings, programs, cookies or caches that somebody left here.
    ...[
      '--ignore-config',
      '--no-exec',
      '--no-cookies',
      '--no-cookies-from-browser',
      '--no-cache-dir',
      '--no-batch-file',
    ],
    // One video, whatever the address stands for, and none without an end.
    ...['--no-playlist', '--playlist-items', '1', '--match-filters', `!is_live & duration<=?${Math.floor(maxSeconds)}`],
    ...['--max-filesize', String(maxBytes), '--socket-timeout', '30', '--retries', '3', '--fragment-retries', '3'],
    // `res` is the shorter side: a film shot upright has 1080 of it, too.
    ...[
      '--format',
      soundAlone ? 'ba/b' : 'bv*+ba/b/ba',
      '--format-sort',
      'res:1080,ext:mp4:m4a',
      '--merge-output-format',
      'mp4',
    ],
    // ffmpeg joins files and fetches none.
    ...['--downloader', 'native', ...(isAbsolute(ffmpegPath) ? ['--ffmpeg-location', ffmpegPath] : [])],
    ...['--newline', '--progress', '--progress-template'],
    `download:${PROGRESS} %(progress.downloaded_bytes)s %(progress.total_bytes)s`,
    ...['--no-mtime', '--output', `${ITS_NAME}.%(ext)s`, '--', url],
  ];
}
