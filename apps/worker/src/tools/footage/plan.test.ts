import type { Probe } from '@reverie/media';
import { describe, expect, test } from 'vitest';
import { planFor } from './plan.ts';
import { perSecond } from './rate.ts';
import { targetSize } from './size.ts';

type Stream = Probe['streams'][number];
const FIT = {
  codec_type: 'video',
  codec_name: 'h264',
  width: 1280,
  height: 720,
  pix_fmt: 'yuv420p',
  r_frame_rate: '25/1',
  avg_frame_rate: '25/1',
  side_data_list: [],
  index: 0,
  has_b_frames: 0,
};
const SOUND = { codec_type: 'audio', codec_name: 'aac', side_data_list: [], index: 1, has_b_frames: 0 };
const probed = (video: Partial<Stream>, audio: Partial<Stream> = {}, format_name = 'mov,mp4,m4a,3gp,3g2,mj2') =>
  planFor({
    format: { format_name, tags: {} },
    streams: [
      { ...FIT, ...video },
      { ...SOUND, ...audio },
    ],
  });

describe('C: what is fit already', () => {
  test('is taken over as it is', () => {
    expect(probed({})).toMatchObject({ video: { copied: true, index: 0 }, audio: { copied: true, index: 1 } });
  });

  test.each<[string, Partial<Stream>]>([
    ['another codec', { codec_name: 'hevc' }],
    ['more lines', { height: 1080, width: 1920 }],
    ['more frames', { r_frame_rate: '50/1', avg_frame_rate: '50/1' }],
    ['a rate that varies', { avg_frame_rate: '19/1' }],
    ['ten bits', { pix_fmt: 'yuv420p10le' }],
    ['the full range of old cameras', { pix_fmt: 'yuvj420p' }],
    ['pixels that are not square', { sample_aspect_ratio: '16:15' }],
    ['a rotation', { side_data_list: [{ rotation: -90 }] }],
    ['upside down', { side_data_list: [{ rotation: 180 }] }],
    ['half pictures', { field_order: 'tt' }],
    ['odd sizes', { width: 1279 }],
  ])('but not with %s', (_, video) => expect(probed(video).video.copied).toBe(false));

  test('nor out of a format without times; another sound is encoded beside the picture', () => {
    expect(probed({}, {}, 'avi').video.copied).toBe(false);
    expect(probed({}, { codec_name: 'opus' }, 'matroska,webm')).toMatchObject({
      video: { copied: true },
      audio: { copied: false },
    });
  });
});

test('the cover of an album is nothing to watch', () => {
  const cover: Stream = { ...FIT, codec_name: 'mjpeg', disposition: { attached_pic: 1, default: 0 } };
  const format = { format_name: 'mp4', tags: {} };
  expect(() => planFor({ format, streams: [cover, SOUND] })).toThrow(/sound alone/);
  expect(planFor({ format, streams: [cover, { ...FIT, index: 2 }] })).toMatchObject({ video: { index: 2 } });
});

test.each([
  [{ width: 1920, height: 1080 }, 1, { width: 1280, height: 720 }],
  [{ width: 1080, height: 1920 }, 1, { width: 404, height: 720 }],
  [{ width: 640, height: 360 }, 1, { width: 640, height: 360 }],
  [{ width: 853, height: 479 }, 1, { width: 852, height: 478 }],
  [{ width: 720, height: 576 }, 64 / 45, { width: 1024, height: 576 }],
  [{ width: 1440, height: 1080 }, 4 / 3, { width: 1280, height: 720 }],
  [{ width: 1, height: 1 }, 1, { width: 2, height: 2 }],
])('%j with pixels of %d becomes %j', (size, aspect, target) => expect(targetSize(size, aspect)).toEqual(target));

test.each([
  ['25/1', '25/1', 25],
  ['30000/1001', '30000/1001', 30_000 / 1001],
  ['1/1', '1/1', 1],
  ['50/1', '50/1', 25],
  ['60000/1001', '60000/1001', 30_000 / 1001],
  ['120/1', '120/1', 30],
  ['48/1', '48/1', 24],
  ['40/1', '40/1', 30],
  ['90000/1', '24/1', 30],
  ['0/0', '0/0', 30],
])('steps of %s, %s on average: %d frames a second', (finest, average, fps) => {
  const { rate } = probed({ r_frame_rate: finest, avg_frame_rate: average }).video;
  expect(perSecond(rate)).toBeCloseTo(fps, 6);
});
