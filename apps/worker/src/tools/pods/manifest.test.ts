import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeS3 } from '../../../../../packages/storage/src/fake-s3.ts';
import { manifestIn } from './manifest.ts';

const dir = await mkdtemp(join(tmpdir(), 'manifests-'));
const s3 = await fakeS3();
afterAll(async () => {
  await s3.stop();
  await rm(dir, { recursive: true });
});
const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://127.0.0.1:1' });
const STORES: [string, () => Store][] = [
  ['fs', () => openStore({ kind: 'fs', dir, links })],
  ['S3 with a prefix', () => openStore({ kind: 's3', ...s3.config() })],
];
const never = new AbortController().signal;

describe.each(STORES)('in %s', (_, open) => {
  const store = open();

  /** A run that has made a VTT and a playlist, and says so. */
  async function made(say: (told: string, uri: string) => object | string = () => ({})) {
    const jobId = randomUUID();
    const prefix = `vl/${jobId}`;
    const put = (name: string, text: string, contentType = 'text/plain') =>
      store.put(`${prefix}/${name}`, Readable.from([text]), { contentType });
    await put('subs.vtt', 'WEBVTT\n', 'text/vtt');
    await put('hls/master.m3u8', '#EXTM3U\n', 'application/vnd.apple.mpegurl');
    await put('empty.vtt', '');
    const told = store.outside(prefix).key;
    const said = say(told, store.outside(prefix).uri);
    const good = { job_id: jobId, subtitle_vtt_url: 'subs.vtt', subtitle_hls_master: 'hls/master.m3u8' };
    const text = typeof said === 'string' ? said : JSON.stringify({ ...good, ...said });
    await put('manifest.json', text, 'application/json');
    return { prefix, jobId, look: () => manifestIn(store, { prefix, jobId })(never) };
  }

  test.each<[string, (told: string, uri: string) => object]>([
    ['by their names', () => ({})],
    [
      'by their keys',
      (told) => ({ subtitle_vtt_url: `${told}/subs.vtt`, subtitle_hls_master: `${told}/hls/master.m3u8` }),
    ],
    ['by a CDN’s addresses', (told) => ({ subtitle_hls_master: `https://cdn.example/${told}/hls/master.m3u8` })],
    [
      'with sizes that agree',
      (told) => ({
        files: [
          { key: `${told}/subs.vtt`, bytes: 7 },
          { key: 'empty.vtt', bytes: 0 },
        ],
      }),
    ],
    ['by their uris', (_, uri) => ({ subtitle_vtt_url: `${uri}/subs.vtt` })],
    ['with more', () => ({ language: 'de', words: [{ at: 1 }] })],
  ])('a manifest that names files %s is good', async (_, say) => {
    const { look, prefix } = await made(say);
    const { finished } = await look();
    expect(finished).toMatchObject({
      prefix,
      vtt: { key: `${prefix}/subs.vtt`, bytes: 7, contentType: 'text/vtt' },
      hlsMaster: { key: `${prefix}/hls/master.m3u8`, bytes: 8 },
    });
  });

  test.each<[string, (told: string) => object | string, RegExp]>([
    ['half', () => '{"job_id": "', /half/],
    ['nothing', () => '', /half/],
    ['no object', () => '[]', /what it should be/],
    ['without a playlist', () => ({ subtitle_hls_master: undefined }), /what it should be/],
    ['of another job', () => ({ job_id: randomUUID() }), /another job/],
    ['naming what is not there', () => ({ subtitle_vtt_url: 'x.vtt' }), /subtitles that are not there/],
    [
      'naming what is elsewhere',
      () => ({ subtitle_hls_master: 's3://other/hls/master.m3u8' }),
      /a playlist that is not there/,
    ],
    ['naming what is empty', () => ({ subtitle_vtt_url: 'empty.vtt' }), /subtitles that are not there/],
    ['naming one file for both', () => ({ subtitle_hls_master: 'subs.vtt' }), /one file for both/],
    ['with a size that is wrong', () => ({ files: [{ key: 'subs.vtt', bytes: 8 }] }), /lists subs.vtt with 8 bytes/],
    ['listing what is not there', () => ({ files: [{ key: 'x.ts', bytes: 0 }] }), /lists x.ts/],
    ['with what no database keeps', () => ({ title: 'a\0b' }), /cannot be stored/],
    ['with too much', () => ({ title: 'x'.repeat(200_000) }), /cannot be stored/],
  ])('a manifest %s proves nothing', async (_, say, why) => {
    const { look } = await made(say);
    expect(await look()).toEqual({ why: expect.stringMatching(why) });
  });

  test('none is there', async () => {
    const look = manifestIn(store, { prefix: `vl/${randomUUID()}`, jobId: randomUUID() });
    expect(await look(never)).toEqual({ why: 'there is no manifest.json' });
  });

  test('a list of files that is too long to be told is checked all the same', async () => {
    const files = Array.from({ length: 5_000 }, (_, n) => ({
      key: n % 2 ? 'subs.vtt' : 'hls/master.m3u8',
      bytes: n % 2 ? 7 : 8,
    }));
    const good = await made(() => ({ files, language: 'de' }));
    expect((await good.look()).finished?.manifest).toEqual({
      job_id: good.jobId,
      ...{ subtitle_vtt_url: 'subs.vtt', subtitle_hls_master: 'hls/master.m3u8', language: 'de' },
    });
    const bad = await made(() => ({ files: [...files, { key: 'subs.vtt', bytes: 1 }] }));
    expect((await bad.look()).finished).toBeUndefined();
  });
});

test('a store that breaks off in the middle is away; that says nothing of the run', async () => {
  const broken = {
    outside: (key: string) => ({ key, uri: `s3://out/${key}` }),
    get: async () =>
      new Readable({
        read() {
          this.push('{"job_id":');
          this.destroy(new Error('ECONNRESET'));
        },
      }),
  } as unknown as Store;
  const look = manifestIn(broken, { prefix: 'vl/1', jobId: '1' });
  await expect(look(never)).rejects.toMatchObject({ code: 'storage_unavailable' });
});
