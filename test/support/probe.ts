import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpegForTests } from './ffmpeg.ts';

interface Probed {
  format: { duration: string; format_name: string };
  streams: {
    codec_type: string;
    codec_name: string;
    width?: number;
    height?: number;
    pix_fmt?: string;
    sample_rate?: string;
  }[];
}

/** What ffprobe says of a file or URL. */
export async function probe(input: string): Promise<Probed> {
  const { ffprobePath } = await ffmpegForTests();
  const { stdout } = await promisify(execFile)(ffprobePath, [
    '-v',
    'error',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    input,
  ]);
  return JSON.parse(stdout) as Probed;
}
