import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/*
 * Reads its arguments as yt-dlp does, refuses those that one does not know, and says what it said when it was asked the
 * same (2023.03 and 2026.08). What happens stands in the address: `?v=good`. What it was asked lands in asked.json.
 */

const [film = '', ...args] = process.argv.slice(2);
const FLAGS = ['ignore-config', 'no-exec', 'no-cookies', 'no-cookies-from-browser', 'no-cache-dir', 'no-batch-file'];
FLAGS.push('no-playlist', 'newline', 'progress', 'no-mtime');
const VALUED = ['playlist-items', 'match-filters', 'max-filesize', 'socket-timeout', 'retries', 'fragment-retries'];
VALUED.push('format', 'format-sort', 'merge-output-format', 'downloader', 'ffmpeg-location', 'progress-template');
VALUED.push('output');

const { values, positionals } = parseArgs({
  args,
  allowPositionals: true,
  options: Object.fromEntries([
    ...FLAGS.map((name) => [name, { type: 'boolean' as const }]),
    ...VALUED.map((name) => [name, { type: 'string' as const }]),
  ]),
});
const given = values as Record<string, string>;
const url = positionals[0]!;
writeFileSync('asked.json', JSON.stringify({ given, url }));

const size = statSync(film).size;
const out = given.output!.replace('%(ext)s', 'mp4');
const told = (have: number, of: number | 'NA') =>
  given['progress-template']!.replace('download:', '')
    .replace('%(progress.downloaded_bytes)s', String(have))
    .replace('%(progress.total_bytes)s', String(of));
const video = new URL(url).searchParams.get('v') ?? '';

console.log('[youtube] abc: Downloading webpage');
if (video === 'good') {
  for (const part of [0.2, 0.6, 1]) console.log(told(Math.round(size * part), size));
  writeFileSync(`${out}.part`, '');
  copyFileSync(film, out);
} else if (video === 'fragments') {
  for (let have = 0; ; have += 500_000) console.log(told(have, 'NA'));
} else if (video === 'long') {
  const filter = given['match-filters']!.split(' & ')[1];
  console.log(`[download] A title does not pass filter (${filter}), skipping ..`);
} else {
  console.error('WARNING: [youtube] something that does not matter');
  console.error('ERROR: [youtube] abc: Video unavailable. This video has been removed by the uploader');
  process.exitCode = 1;
}
