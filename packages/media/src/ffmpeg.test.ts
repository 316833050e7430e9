import { expect, test } from 'vitest';
import { addInput, ffmpegArgs } from './ffmpeg.ts';
import { percentOf } from './ffmpeg-progress.ts';

test('arguments come as they were given, behind those that every command has', () => {
  const args = ffmpegArgs((command) =>
    addInput(command, { name: 'picture-0', kind: 'picture', options: ['-stream_loop', '-1'] })
      .complexFilter('[0:v]null[out]')
      .output('file:out.mp4')
      .outputOptions('-map', '[out]', '-metadata', 'title=two words'),
  );
  expect(args).toEqual([
    ...['-nostdin', '-hide_banner', '-y', '-nostats', '-progress', 'pipe:1'],
    ...['-protocol_whitelist', 'file', '-format_whitelist', 'mov,matroska,webm,png_pipe,jpeg_pipe,webp_pipe'],
    ...['-max_pixels', '40000000', '-stream_loop', '-1', '-i', 'file:picture-0'],
    ...['-filter_complex', '[0:v]null[out]', '-map', '[out]', '-metadata', 'title=two words', 'file:out.mp4'],
  ]);
});

test('percent is of the known duration, between 0 and 100, and never goes back', () => {
  const told: number[] = [];
  const read = percentOf(10, (percent) => told.push(percent));
  const lines = ['frame=1', 'out_time_us=N/A', 'out_time_us=-5', 'out_time_us=0', 'out_time_ms=1000000'];
  for (const line of [...lines, 'out_time_us=5000000', 'out_time_us=3000000', 'out_time_us=99000000', 'progress=end']) {
    read(line);
  }
  expect(told).toEqual([0, 10, 50, 100]);
});
