import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The console's arithmetic. It is browser JavaScript, which its own tsconfig.json checks. */
const part = (name: string) => import(join(import.meta.dirname, '../console', name));
const { curl } = await part('curl.js');
const { listAt, readRoute } = await part('router.js');
const { lanes, scaleOf } = await part('timeline-scale.js');
const { age, clip, minute, size, span } = await part('format.js');
const { matches } = await part('matches.js');
const { keyName, sourceName, titleOf } = await part('names.js');
const { entriesOf } = await part('entries.js');
const { placeOf } = await part('views/playlist.js');
const { spanAt } = await part('span-at.js');

test('a copied curl says the same to a shell, whatever was dreamed', () => {
  const body = { transcript: `it's "$HOME" \`id\` \\ \n 日本 !` };
  const line = curl({ method: 'POST', url: 'http://127.0.0.1:8000/dreams?a=1&b=2', body, withKey: true });
  const said = execFileSync('sh', ['-c', `curl() { for word; do printf '%s\\0' "$word"; done; }; ${line}`], {
    env: { ...process.env, REVERIE_KEY: 'rv_live_x' },
  });
  const words = said.toString().split('\0');
  expect(words.slice(0, 5)).toEqual([
    '-X',
    'POST',
    'http://127.0.0.1:8000/dreams?a=1&b=2',
    '-H',
    'Authorization: Bearer rv_live_x',
  ]);
  expect(JSON.parse(words[8]!)).toEqual(body);
  expect(line).not.toContain('rv_live');
});

const id = '4d16e2f2-b658-4a85-bd65-4a1068a49a76';
test.each([
  ['', { name: 'home', status: '', pipeline: '' }],
  ['#/?status=failed', { name: 'home', status: 'failed', pipeline: '' }],
  ['#/?status=failed&pipeline=segments', { name: 'home', status: 'failed', pipeline: 'segments' }],
  [`#/jobs/${id}`, { name: 'jobs', id }],
  [`#/dreams/${id}`, { name: 'dreams', id }],
  [`#/videos/${id}`, { name: 'videos', id }],
  [`#/posts/${id}`, { name: 'posts', id }],
  ['#/jobs/../../etc', { name: 'home', status: '', pipeline: '' }],
])('%j is a place', (hash, place) => expect(readRoute(hash)).toEqual(place));

test.each(['#/', '#/?status=failed', '#/?pipeline=segments', '#/?status=failed&pipeline=segments'])(
  '%s is where its list is',
  (hash) => {
    const { name, ...wanted } = readRoute(hash);
    expect([name, listAt(wanted)]).toEqual(['home', hash]);
  },
);

describe('the timeline', () => {
  test('shows time as it passed', () => {
    const { at, cuts } = scaleOf([{ start: 0, end: 10_000 }], { start: 0, end: 10_000 });
    expect([0, 2_500, 10_000].map(at)).toEqual([0, 0.25, 1]);
    expect(cuts).toEqual([]);
  });

  test('draws a long silence short, so that a retry the next day is still to be seen', () => {
    const day = 86_400_000;
    const busy = [
      { start: 0, end: 10_000 },
      { start: day, end: day + 10_000 },
    ];
    const { at, cuts } = scaleOf(busy, { start: 0, end: day + 10_000 });
    expect(at(10_000)).toBeCloseTo(10 / 21.6);
    expect(at(day)).toBeCloseTo(11.6 / 21.6);
    expect(cuts).toEqual([{ start: 10_000, end: day }]);
  });

  test('has room for a job in which nothing has happened', () => {
    expect(scaleOf([], { start: 5, end: 5 }).at(5)).toBe(0);
  });

  test('gives what ran side by side lanes side by side', () => {
    const bars = [
      { start: 0, end: 5 },
      { start: 1, end: 3 },
      { start: 3, end: 6 },
      { start: 6, end: 7 },
    ];
    expect(lanes(bars).map(({ lane }: { lane: number }) => lane)).toEqual([0, 1, 1, 0]);
  });
});

test('the line that is heard is found, and none in a rest', () => {
  const lines = [
    { start: 0.5, end: 2 },
    { start: 2, end: 3 },
    { start: 7, end: 9 },
  ];
  expect([0, 0.5, 1.99, 2, 3, 6, 8, 9].map((time) => spanAt(lines, time))).toEqual([-1, 0, 0, 1, -1, -1, 2, -1]);
  expect(spanAt([], 1)).toBe(-1);
  const many = Array.from({ length: 10_001 }, (_, at) => ({ start: at, end: at + 1 }));
  expect([0, 4_999.5, 10_000].map((time) => spanAt(many, time))).toEqual([0, 4_999, 10_000]);
});

test('what is looked for is found whatever its case, and means nothing but itself', () => {
  const found = (text: string, words: string) =>
    matches(text, words).map(({ text, isMatch }: { text: string; isMatch: boolean }) => (isMatch ? [text] : text));
  expect(found('The sea, the Sea', 'SEA')).toEqual(['The ', ['sea'], ', the ', ['Sea']]);
  expect(found('a.b (c) [d] \\ $1', '.b (c) [d] \\ $')).toEqual(['a', ['.b (c) [d] \\ $'], '1']);
  expect(found('Straße 日本', '本')).toEqual(['Straße 日', ['本']]);
  expect(found('anything', '')).toEqual(['anything']);
});

test.each([
  ['https://example.org/a/my%20film.mp4?token=1', 'my film.mp4'],
  ['https://www.youtube.com/watch?v=abc', 'youtube.com/watch?v=abc'],
  ['https://vimeo.com/123/', 'vimeo.com/123'],
  ['https://example.org/%E0%A4%A', 'example.org/%E0%A4%A'],
  ['s3://bucket/talks/one.mov', 'one.mov'],
  ['upload:4d16e2f2-b658-4a85-bd65-4a1068a49a76', 'upload 4d16e2f2'],
])('a video at %s is called %s', (source, name) => expect(sourceName(source)).toBe(name));

test.each([
  ['posts/42/master.m3u8', '42/master.m3u8'],
  ['MASTER.M3U8', 'MASTER.M3U8'],
  ['posts/42/holiday 2026.mp4', 'holiday 2026.mp4'],
  ['', undefined],
  [undefined, undefined],
])('the video at key %j is called %j', (key, name) => expect(keyName(key)).toBe(name));

test('a post’s job is called as the post is, else after its video', () => {
  const job = { job_id: id, pipeline: 'subtitles', input: { inputKey: 'posts/42/master.m3u8' } };
  expect(titleOf(job, { title: 'Harbour' })).toBe('Harbour');
  expect(titleOf(job, { title: null })).toBe('42/master.m3u8');
  expect(titleOf({ job_id: id, pipeline: 'subtitles' })).toBe('subtitles 4d16e2f2');
});

test.each([
  ['harbour walk', 'harbour walk'],
  ['4d16e2f2-b658-4a85-bd65-4a1068a49a76', 'segments 4d16e2f2'],
])('segments that somebody uploads as %s are called %s', (job, name) =>
  expect(titleOf({ job_id: id, pipeline: 'segments', input: { uploaded: { job, total: 3 } } })).toBe(name),
);

test('the list has jobs with their rows, and rows that have no job, newest first', () => {
  const at = (hour: number) => ({ created_at: `2026-01-01T0${hour}:00:00.000Z` });
  const posts = [
    { id: 'p1', subtitle_job_id: 'j2', has_subtitles: true, ...at(2) },
    { id: 'p2', subtitle_job_id: null, has_subtitles: false, ...at(4) },
    { id: 'p3', subtitle_job_id: null, has_subtitles: true, ...at(5) }, // its job has been cleaned up
    { id: 'p4', subtitle_job_id: null, has_subtitles: false, ...at(0) },
  ];
  const answer = {
    jobs: [
      { job_id: 'j3', ...at(3) },
      { job_id: 'j2', ...at(2) },
    ],
    dreams: [{ id: 'd1', video_job_id: null, ...at(1) }],
    posts,
    next_cursor: null,
  };
  const listed = (withJobsAlone: boolean, more = {}) =>
    entriesOf({ ...answer, ...more }, withJobsAlone).map((entry: { id: string; post?: { id: string } }) =>
      entry.post ? [entry.id, entry.post.id] : entry.id,
    );
  expect(listed(false)).toEqual([['p2', 'p2'], 'j3', ['j2', 'p1'], 'd1', ['p4', 'p4']]);
  expect(listed(false, { next_cursor: 'more' })).toEqual([['p2', 'p2'], 'j3', ['j2', 'p1']]);
  expect(listed(true)).toEqual(['j3', ['j2', 'p1']]);
});

test('a film that is signed anew is the same film', () => {
  const signed = (expires: number, signature: string, name = 'master.m3u8') =>
    placeOf(`https://example.org/reverie/folders/dmlkZW8/${expires}/${signature}/${name}`);
  expect(signed(1, 'aaa')).toBe(signed(2, 'b-_'));
  expect(signed(1, 'aaa')).not.toBe(signed(1, 'aaa', 'other.m3u8'));
});

test('an upload is called as the file was', () => {
  expect(sourceName('upload:4d16e2f2-b658-4a85-bd65-4a1068a49a76', { filename: 'holiday.mp4' })).toBe('holiday.mp4');
});

test('figures are said as people say them', () => {
  expect([0, 999, 1_500, 50_835, 3_820_388, 2e9].map(size)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '50.8 kB',
    '3.8 MB',
    '2.0 GB',
  ]);
  expect([46, 7_060, 134_000, 5_400_000].map(span)).toEqual(['46 ms', '7.1 s', '2 min 14 s', '1 h 30 min']);
  expect([5, 65, 3_600, 36_061].map(minute)).toEqual(['0:05', '1:05', '1:00:00', '10:01:01']);
  expect(age('2026-01-01T00:00:00Z', Date.parse('2026-01-01T02:30:00Z'))).toBe('2 h ago');
  expect(clip('👩‍🚀'.repeat(3), 3)).toBe('👩‍🚀…');
});
