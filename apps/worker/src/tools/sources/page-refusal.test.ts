import { Failure } from '@reverie/contracts';
import { expect, test } from 'vitest';
import { notBrought, pageRefusal } from './page-refusal.ts';

const codeOf = (said: string) => {
  const log = `WARNING: [youtube] something else\nERROR: ${said}`;
  try {
    return pageRefusal(new Failure('ffmpeg_failed', 'yt-dlp ended with 1', { trace: { command: 'yt-dlp', log } }));
  } catch (error) {
    return (error as Failure).code;
  }
};

test.each([
  ['[youtube] abc: Video unavailable. This video has been removed by the uploader', 'source_missing'],
  ['[youtube] abc: Private video. Sign in if you’ve been granted access to this video', 'source_missing'],
  ['[youtube] abc: This video is not available in your country', 'source_missing'],
  ['[youtube] abc: Sign in to confirm your age. This video may be inappropriate for some users', 'source_missing'],
  ['[youtube] abc: Join this channel to get access to members-only content', 'source_missing'],
  ['[vimeo] 1: Unable to download webpage: HTTP Error 404: Not Found (caused by <HTTPError 404>)', 'source_missing'],
  ['Unsupported URL: https://www.youtube.com/about', 'source_refused'],
  ['[youtube] abc: This video is DRM protected', 'source_refused'],
  ['[youtube] abc: Premieres in 2 hours', 'source_refused'],
  ['[youtube] abc: Sign in to confirm you’re not a bot. Use --cookies for the authentication', 'source_unavailable'],
  ['[youtube] abc: Unable to download API page: HTTP Error 429: Too Many Requests', 'source_unavailable'],
  ['[youtube] abc: Unable to download webpage: <urlopen error [Errno 111] Connection refused>', 'source_unavailable'],
  ['[youtube] abc: HTTP Error 503: Service Unavailable', 'source_unavailable'],
  ['[youtube] abc: Unable to extract yt initial data; please report this issue on …', 'source_unavailable'],
])('yt-dlp’s "%s" is %s', (said, code) => {
  expect(codeOf(said)).toBe(code);
});

test.each([
  ['[download] File is larger than max-filesize (200 bytes > 100 bytes). Aborting.', 'source_too_large'],
  ['[download] A title does not pass filter (duration<=?60), skipping ..', 'media_too_long'],
  ['[download] A title does not pass filter (!is_live), skipping ..', 'source_refused'],
  ['[youtube] abc: Downloading webpage', 'source_refused'],
])('"%s" and no file is %s', (said, code) => {
  expect(notBrought(said, { maxBytes: 100, maxSeconds: 60 }).code).toBe(code);
});

test('a disk that is full stays one', () => {
  const full = new Failure('disk_full', 'no room left');
  expect(() => pageRefusal(full)).toThrow(full);
});
