import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildSegmentKey, parseSegmentKey, readS3Event, SEGMENT_MODES, type SegmentKey } from './segment.ts';

const RUNS = { numRuns: 20_000 };
const property = <T extends [unknown, ...unknown[]]>(
  name: string,
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  holds: (...values: T) => void,
) => test(name, () => fc.assert(fc.property(...arbitraries, holds as never) as fc.IProperty<T>, RUNS));

/** Whatever a job may be called by others: anything that a store can keep a file under. */
const jobId = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 40 })
  .filter((id) => !/[/\p{Cc}]/u.test(id) && id.isWellFormed() && id !== '.' && id !== '..');
const mode = fc.constantFrom(...SEGMENT_MODES);
const place = fc
  .integer({ min: 1, max: 99_999 })
  .chain((total) => fc.record({ total: fc.constant(total), index: fc.integer({ min: 0, max: total - 1 }) }));
const segment: fc.Arbitrary<SegmentKey> = fc
  .tuple(jobId, place, mode)
  .map(([id, { index, total }, of]) => ({ jobId: id, index, total, mode: of }));
const key = segment.map(buildSegmentKey);
const parse = (text: string) => parseSegmentKey('b', text);

describe('D4–D8: the grammar of segment keys', () => {
  test('is document 003’s', () => {
    const built = buildSegmentKey({ jobId: 'job-1', index: 7, total: 42, mode: 'anaglyph' });
    expect(built).toBe('segments/job-1/00007_00042_anaglyph.mp4');
    expect(parseSegmentKey('in', built)).toEqual({
      jobId: 'job-1',
      index: 7,
      total: 42,
      mode: 'anaglyph',
      segmentS3Uri: `s3://in/${built}`,
    });
  });

  property('what is built is read back', [segment, fc.string()], (it, bucket) => {
    const built = buildSegmentKey(it);
    expect(parseSegmentKey(bucket, built)).toEqual({ ...it, segmentS3Uri: `s3://${bucket}/${built}` });
  });

  property(
    'whatever is read would be built like that: no two keys mean the same segment',
    [fc.oneof(key, fc.string())],
    (text) => {
      const read = parse(text);
      if (read) expect(buildSegmentKey(read)).toBe(text);
    },
  );

  const letter = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
  property(
    'a valid key with one letter more, less or another is another segment’s or none',
    [key, fc.nat(), letter, fc.constantFrom(0, 1)],
    (text, at, put, taken) => {
      const letters = [...text];
      const where = at % (letters.length + 1);
      letters.splice(where, taken, put);
      const changed = letters.join('');
      const read = parse(changed);
      if (read) expect(buildSegmentKey(read)).toBe(changed);
      if (changed !== text) expect(read && buildSegmentKey(read)).not.toBe(text);
    },
  );

  property(
    'an index that is not below the total',
    [jobId, fc.integer({ min: 0, max: 99_999 }), fc.nat({ max: 99_999 }), mode],
    (id, total, more, of) => {
      const index = total + (more % (100_000 - total));
      const five = (n: number) => String(n).padStart(5, '0');
      expect(parse(`segments/${id}/${five(index)}_${five(total)}_${of}.mp4`)).toBeNull();
      expect(() => buildSegmentKey({ jobId: id, index, total, mode: of })).toThrow(RangeError);
    },
  );

  property(
    'other than exactly five digits',
    [jobId, fc.stringMatching(/^\d{0,4}$|^\d{6,9}$/), fc.boolean()],
    (id, digits, first) => {
      const [index, total] = first ? [digits, '99999'] : ['00000', digits];
      expect(parse(`segments/${id}/${index}_${total}_sbs.mp4`)).toBeNull();
    },
  );

  const DIGITS = ['٠', '۰', '०', '０', '𝟎', '𝟘'].map((zero) => zero.codePointAt(0)!);
  property(
    'digits of other scripts, one among them is enough',
    [place, fc.constantFrom(...DIGITS), fc.nat({ max: 9 })],
    ({ index, total }, zero, at) => {
      const numbers = [index, total].map((n) => String(n).padStart(5, '0')).join('');
      const other = [...numbers].map((digit, i) => (i === at ? String.fromCodePoint(zero + Number(digit)) : digit));
      expect(parse(`segments/x/${other.slice(0, 5).join('')}_${other.slice(5).join('')}_sbs.mp4`)).toBeNull();
    },
  );

  property(
    'other modes and endings',
    [fc.string({ maxLength: 12 }), fc.constantFrom('.mp4', '.MP4', '.mov', '', '.mp4.mp4')],
    (word, ending) => {
      const valid = SEGMENT_MODES.some((it) => it === word) && ending === '.mp4';
      expect(parse(`segments/x/00000_00001_${word}${ending}`) !== null).toBe(valid);
    },
  );

  property(
    'something before, behind or between',
    [key, fc.constantFrom('/', ' ', '\n', '\r\n', '\0', '\u2028', 'x', 'segments/', '%0A'), fc.nat({ max: 3 })],
    (text, more, where) => {
      const slash = text.indexOf('/');
      const last = text.lastIndexOf('/');
      const changed = [
        more + text,
        text + more,
        `${text.slice(0, slash)}/${more}/${text.slice(slash + 1)}`,
        `${text.slice(0, last)}/${more}/${text.slice(last + 1)}`,
      ][where]!;
      expect(parse(changed)).toBeNull();
    },
  );

  test.each([
    'segments//00000_00001_sbs.mp4',
    'segments/./00000_00001_sbs.mp4',
    'segments/../00000_00001_sbs.mp4',
    `segments/${'x'.repeat(201)}/00000_00001_sbs.mp4`,
    'segments/a\u0000b/00000_00001_sbs.mp4',
    'segments/a\nb/00000_00001_sbs.mp4',
    'segments/\ud800/00000_00001_sbs.mp4',
    'segments/x/00000_00000_sbs.mp4',
    'segments/x/-0001_00001_sbs.mp4',
    'segments/x/+0000_00001_sbs.mp4',
    'segments/x/00000-00001-sbs.mp4',
    'segments/x/00000_00001_SBS.mp4',
    'Segments/x/00000_00001_sbs.mp4',
    'jobs/x/segments/0.mp4',
    '',
  ])('%j is no segment', (text) => {
    expect(parse(text)).toBeNull();
  });

  test.each([
    { index: -1 },
    { index: 1.5 },
    { index: Number.NaN },
    { index: 1e5, total: 2e5 },
    { jobId: 'a/b' },
    { jobId: '' },
  ])('nothing is built of %j', (wrong) => {
    expect(() => buildSegmentKey({ jobId: 'x', index: 0, total: 2, mode: 'sbs', ...wrong })).toThrow(RangeError);
  });
});

const record = (object: { bucket: string; key: string }, eventName = 'ObjectCreated:Put') => ({
  eventName,
  s3: { bucket: { name: object.bucket }, object: { key: object.key } },
});
/** As S3 encodes keys: like a form, and slashes stay. MinIO encodes those, too. */
const encoded = (text: string, slashes: boolean) => {
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  return slashes ? form.replaceAll('%2F', '/') : form;
};

describe('D2 D3: raw S3 events', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((it) => it.isWellFormed());
  property(
    'a key comes as it was put, whoever encoded it',
    [fc.oneof(text, key), fc.string(), fc.boolean()],
    (put, bucket, slashes) => {
      const body = { Records: [record({ bucket, key: encoded(put, slashes) })] };
      expect(readS3Event(body)).toEqual({ created: [{ bucket, key: put }], others: 0 });
      expect(readS3Event(JSON.parse(JSON.stringify(body)))).toEqual(readS3Event(body));
    },
  );

  property(
    'of several records each counts once, in their order',
    [
      fc.array(
        fc.tuple(
          text,
          fc.constantFrom(
            'ObjectCreated:Put',
            's3:ObjectCreated:Copy',
            'ObjectRemoved:Delete',
            's3:ObjectRestore:Post',
            'ObjectCreated',
          ),
        ),
      ),
      fc.array(fc.jsonValue(), { maxLength: 3 }),
    ],
    (records, garbage) => {
      const Records = [
        ...records.map(([put, name]) => record({ bucket: 'b', key: encoded(put, true) }, name)),
        ...garbage,
      ];
      const wanted = records
        .filter(([, name]) => name.includes('ObjectCreated:'))
        .map(([put]) => ({ bucket: 'b', key: put }));
      expect(readS3Event({ Records })).toEqual({ created: wanted, others: Records.length - wanted.length });
    },
  );

  property('whatever it is, nothing is thrown, and no record is lost sight of', [fc.anything()], (body) => {
    const read = readS3Event(body);
    if (!read) return;
    const { Records = [] } = body as { Records?: unknown[] };
    expect(read.created.length + read.others).toBe('Event' in (body as object) ? 0 : Records.length);
  });

  test.each<[string, string | undefined]>([
    ['a+b', 'a b'],
    ['a%20b', 'a b'],
    ['a%2Bb', 'a+b'],
    ['a%2bb', 'a+b'],
    ['%C3%A4%2F%E2%82%AC', 'ä/€'],
    ['a%252Bb', 'a%2Bb'],
    ['%', undefined],
    ['%zz', undefined],
    ['%C3', undefined],
    ['%ED%A0%80', undefined],
    ['%00', '\0'],
  ])('%j is %j', (sent, put) => {
    const read = readS3Event({ Records: [record({ bucket: 'b', key: sent })] });
    expect(read).toEqual({
      created: put === undefined ? [] : [{ bucket: 'b', key: put }],
      others: put === undefined ? 1 : 0,
    });
  });

  test('a test event says nothing, and says it well', () => {
    expect(readS3Event({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' })).toEqual({
      created: [],
      others: 0,
    });
    expect(readS3Event({ Event: 's3:Other' })).toBeUndefined();
  });

  test.each([null, 1, 'Records', [], {}, { Records: {} }, { records: [] }, { Message: '{"Records":[]}' }])(
    '%j is no S3 event',
    (body) => {
      expect(readS3Event(body)).toBeUndefined();
    },
  );
});
