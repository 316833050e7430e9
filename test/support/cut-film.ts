import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpegForTests } from './ffmpeg.ts';

/** Segments of two seconds with picture and sound, as somebody else's cutter makes them. */
export async function cutFilm(total: number): Promise<Buffer[]> {
  const { ffmpegPath } = await ffmpegForTests();
  const dir = await mkdtemp(join(tmpdir(), 'cut-film-'));
  const seconds = total * 2;
  const inputs = [`testsrc2=s=160x90:r=24:d=${seconds}`, `sine=f=330:r=48000:d=${seconds}`];
  try {
    await promisify(execFile)(ffmpegPath, [
      ...['-v', 'error', ...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input])],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-keyint_min', '48', '-sc_threshold', '0'],
      ...['-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      ...[
        '-f',
        'segment',
        '-segment_time',
        '2',
        '-segment_time_delta',
        '0.02',
        '-reset_timestamps',
        '1',
        '-segment_format',
        'mp4',
        `${dir}/%05d.mp4`,
      ],
    ]);
    const files = (await readdir(dir)).toSorted();
    if (files.length !== total) throw new Error(`ffmpeg cut ${files.length} segments instead of ${total}`);
    return await Promise.all(files.map((file) => readFile(join(dir, file))));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
