import { expect, test } from 'vitest';
import { normaliseLoudness, readLoudness } from './loudness.ts';

const log = (input_i: string, input_tp: string) => `size=N/A\n[Parsed_loudnorm_1 @ 0x1]\n{
	"input_i" : "${input_i}",\n	"input_tp" : "${input_tp}",\n	"input_lra" : "3.20",\n	"input_thresh" : "-33.10",
	"output_i" : "-16.02",\n	"output_tp" : "-1.50",\n	"output_lra" : "3.00",\n	"output_thresh" : "-26.10",
	"normalization_type" : "dynamic",\n	"target_offset" : "0.02"\n}`;

test.each([
  ['-23.10', '-10.00', /linear=true/],
  ['-23.10', '-3.00', /^volume=7\.10dB,.*alimiter/],
  ['-60.00', '-50.00', /^volume=30\.00dB/],
  ['-inf', '-inf', /^anull$/],
])('loudness %s with peaks at %s is mended with %s', (i, tp, filter) => {
  expect(normaliseLoudness(readLoudness(log(i, tp)))).toMatch(filter);
});

test('nothing measured, nothing mended', () => expect(normaliseLoudness(readLoudness('no json'))).toBe('anull'));
