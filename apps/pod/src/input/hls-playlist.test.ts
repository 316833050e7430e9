import { describe, expect, test } from 'vitest';
import { readPlaylist } from './hls-playlist.ts';

const media = (...lines: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:6', ...lines, '#EXT-X-ENDLIST'].join('\n');

describe('a list of segments', () => {
  test('names files and parts of files, each with what it cannot be read without', () => {
    const text = media(
      '#EXT-X-MAP:URI="all.mp4",BYTERANGE="700@0"',
      '#EXTINF:6.0,a title, with a comma',
      '#EXT-X-BYTERANGE:1000@700',
      'all.mp4',
      '#EXTINF:5,',
      '#EXT-X-BYTERANGE:500',
      'all.mp4',
      '# a comment',
      '#EXT-X-MAP:URI="other.mp4"',
      '#EXTINF:4',
      'a%20b.m4s?x=1',
    );
    const header = { uri: 'all.mp4', range: { start: 0, end: 699 } };
    expect(readPlaylist(text)).toEqual({
      kind: 'media',
      jumps: false,
      segments: [
        { uri: 'all.mp4', seconds: 6, range: { start: 700, end: 1_699 }, header },
        { uri: 'all.mp4', seconds: 5, range: { start: 1_700, end: 2_199 }, header },
        { uri: 'a%20b.m4s?x=1', seconds: 4, header: { uri: 'other.mp4' } },
      ],
    });
  });

  test('may begin with a byte order mark and end its lines in any way', () => {
    const text = `\uFEFF${media('#EXTINF:1,', 'a.ts').replaceAll('\n', '\r\n')}`;
    expect(readPlaylist(text)).toMatchObject({ segments: [{ uri: 'a.ts', seconds: 1 }] });
  });

  test('tells that its clock may jump; what is missing is left out', () => {
    const parted = media('#EXTINF:1,', 'a.ts', '#EXT-X-DISCONTINUITY', '#EXTINF:1,', 'b.ts');
    expect(readPlaylist(parted)).toMatchObject({ jumps: true, segments: [{}, {}] });
    const gap = media('#EXTINF:1,', 'a.ts', '#EXT-X-GAP', '#EXTINF:1,', 'b.ts', '#EXTINF:1,', 'c.ts');
    expect(readPlaylist(gap)).toMatchObject({ jumps: true, segments: [{ uri: 'a.ts' }, { uri: 'c.ts' }] });
  });

  test('may say that it is not encrypted', () => {
    expect(readPlaylist(media('#EXT-X-KEY:METHOD=NONE', '#EXTINF:1,', 'a.ts'))).toMatchObject({ kind: 'media' });
  });

  test.each([
    ['is no playlist', 'hello', 'media_unreadable', /#EXTM3U/],
    ['names nothing', media(), 'media_unreadable', /no segments/],
    ['names a file of no length', media('a.ts'), 'media_unreadable', /a\.ts has no #EXTINF/],
    ['names a length that is none', media('#EXTINF:long,', 'a.ts'), 'media_unreadable', /#EXTINF:long/],
    ['names less than nothing', media('#EXTINF:-6,', 'a.ts'), 'media_unreadable', /#EXTINF:-6/],
    [
      'names a range without a beginning',
      media('#EXTINF:6,', '#EXT-X-BYTERANGE:9', 'a.ts'),
      'media_unreadable',
      /range/,
    ],
    ['names an empty range', media('#EXTINF:6,', '#EXT-X-BYTERANGE:0@9', 'a.ts'), 'media_unreadable', /range/],
    [
      'names a header without an address',
      media('#EXT-X-MAP:X=1', '#EXTINF:6,', 'a.ts'),
      'media_unreadable',
      /EXT-X-MAP/,
    ],
    ['is encrypted', media('#EXT-X-KEY:METHOD=AES-128,URI="k"', '#EXTINF:6,', 'a.ts'), 'media_forbidden', /AES-128/],
    ['is live', '#EXTM3U\n#EXTINF:6,\na.ts\n', 'media_truncated', /EXT-X-ENDLIST/],
    ['never ends', media(...Array(20_001).fill('#EXTINF:6,\na.ts')), 'media_unreadable', /20000 segments/],
  ])('that %s is refused', (_what, text, code, told) => {
    expect(() => readPlaylist(text)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(told) }));
  });
});

test('a master playlist names variants, and sound that is apart', () => {
  const text = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English, spoken",LANGUAGE="en",DEFAULT=YES,URI="en.m3u8"',
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="subs.m3u8"',
    '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="iframes.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=5000,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2",AUDIO="a"',
    'high.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=100',
    '',
    'low.m3u8',
  ];
  expect(readPlaylist(text.join('\n'))).toEqual({
    kind: 'master',
    audio: [{ group: 'a', language: 'en', isDefault: true, uri: 'en.m3u8' }],
    variants: [
      { uri: 'high.m3u8', bandwidth: 5_000, height: 1_080, codecs: 'avc1.640028,mp4a.40.2', audio: 'a' },
      { uri: 'low.m3u8', bandwidth: 100, height: 0, codecs: '' },
    ],
  });
});
