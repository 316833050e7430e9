import { describe, expect, test } from 'vitest';
import { chooseVariant } from './choose-variant.ts';
import type { AudioTrack, Variant } from './hls-playlist.ts';

const H264 = 'avc1.640028,mp4a.40.2';
const variant = (uri: string, height: number, bandwidth: number, codecs = H264, audio?: string): Variant => ({
  ...{ uri, height, bandwidth, codecs },
  ...(audio !== undefined && { audio }),
});
const chosen = (variants: Variant[], audio: AudioTrack[] = [], language: string | null = null) =>
  chooseVariant({ kind: 'master', variants, audio }, language);

test.each([
  ['the most lines', [variant('a', 360, 9), variant('b', 720, 5)], 'b'],
  ['of as many lines the most bits', [variant('a', 720, 5), variant('b', 720, 9)], 'b'],
  ['not more lines than anybody sees', [variant('a', 2_160, 9), variant('b', 1_080, 5)], 'b'],
  ['of too many the fewest', [variant('a', 4_320, 9), variant('b', 2_160, 5)], 'b'],
  ['what needs not be encoded again', [variant('a', 1_080, 5, 'hvc1.1.6.L93,mp4a.40.2'), variant('b', 720, 9)], 'b'],
  ['what has a picture', [variant('a', 0, 9, 'mp4a.40.2'), variant('b', 0, 5, '')], 'b'],
  ['sound alone where there is nothing else', [variant('a', 0, 9, 'mp4a.40.2')], 'a'],
])('takes %s', (_what, variants, video) => expect(chosen(variants)).toEqual({ video }));

describe('sound that is apart', () => {
  const track = (language: string, group = 'a', isDefault = false): AudioTrack => ({
    ...{ group, language, isDefault, uri: `${group}-${language}` },
  });
  const tracks = [track('de'), track('en', 'a', true), track('pt-BR'), track('fr', 'b', true)];
  const variants = [variant('v', 720, 5, H264, 'a')];

  test.each([
    ['the usual one where nobody knows', null, 'a-en'],
    ['the one in the language that is spoken', 'pt', 'a-pt-BR'],
    ['the usual one where that is not there', 'ja', 'a-en'],
  ])('is %s', (_what, language, audio) => expect(chosen(variants, tracks, language)).toEqual({ video: 'v', audio }));

  test('may be in the variant after all', () => {
    const [usual] = [track('en', 'a', true)];
    const { uri: _, ...inside } = usual!;
    expect(chosen(variants, [inside])).toEqual({ video: 'v' });
  });
});
