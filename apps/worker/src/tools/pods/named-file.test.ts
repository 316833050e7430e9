import { expect, test } from 'vitest';
import { fileNamed } from './named-file.ts';

const PREFIX = { key: 'live/vl/jobs/7', uri: 's3://out/live/vl/jobs/7' };

test.each([
  ['master.m3u8', 'master.m3u8'],
  ['hls/720p/index.m3u8', 'hls/720p/index.m3u8'],
  ['live/vl/jobs/7/master.m3u8', 'master.m3u8'],
  ['s3://out/live/vl/jobs/7/hls/a b.m3u8', 'hls/a b.m3u8'],
  ['https://cdn.example/live/vl/jobs/7/master.m3u8', 'master.m3u8'],
  ['https://s3.example/out/live/vl/jobs/7/hls/a%20b.m3u8?X-Amz-Signature=1#top', 'hls/a b.m3u8'],
  ['HTTPS://out.s3.example/live/vl/jobs/7/subs.vtt', 'subs.vtt'],
  ['file:///srv/files/live/vl/jobs/7/subs.vtt', 'subs.vtt'],
])('%s is %s', (said, below) => {
  expect(fileNamed(said, PREFIX)).toBe(below);
});

test.each([
  [''],
  ['/master.m3u8'],
  ['../8/master.m3u8'],
  ['live/vl/jobs/7/../8/master.m3u8'],
  ['live/vl/jobs/7/'],
  ['s3://out/live/vl/jobs/8/master.m3u8'],
  ['s3://other/live/vl/jobs/7/master.m3u8'],
  ['s3://out/live/vl/jobs/7/../8/master.m3u8'],
  ['https://cdn.example/live/vl/jobs/77/master.m3u8'],
  ['https://cdn.example/live/vl/jobs/7/%2e%2e%2f8/master.m3u8'],
  ['https://cdn.example/live/vl/jobs/7/%ff'],
  ['https://cdn.example/?file=/live/vl/jobs/7/master.m3u8'],
  ['ftp://cdn.example/live/vl/jobs/7/master.m3u8'],
  ['https://['],
  ['a\0b'],
])('%j is nothing of this run', (said) => {
  expect(fileNamed(said, PREFIX)).toBeUndefined();
});
