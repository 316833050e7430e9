import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { productOfFile } from '../support/product-of-file.ts';

const { call } = await productOfFile();

const nobody = randomUUID();
const json = { 'content-type': 'application/json' };

describe('every mistake gets a problem of RFC 9457, never a 500', () => {
  const MISTAKES: [
    what: string,
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    status: number,
    code: string,
  ][] = [
    ['an address that is none', 'GET', '/nowhere', undefined, {}, 404, 'not_found'],
    ['an id that is none', 'GET', '/dreams/not-a-uuid', undefined, {}, 404, 'not_found'],
    ['an unknown dream', 'GET', `/dreams/${nobody}`, undefined, {}, 404, 'not_found'],
    ['finishing an unknown dream', 'POST', `/dreams/${nobody}/finish`, undefined, {}, 404, 'not_found'],
    ['the status of an unknown dream', 'GET', `/dreams/${nobody}/video-status`, undefined, {}, 404, 'not_found'],
    ['an unknown job', 'GET', `/jobs/${nobody}`, undefined, {}, 404, 'not_found'],
    ['cancelling an unknown job', 'POST', `/jobs/${nobody}/cancel`, undefined, {}, 404, 'not_found'],
    ['retrying an unknown job', 'POST', `/jobs/${nobody}/retry`, undefined, {}, 404, 'not_found'],
    ['an unknown file', 'GET', '/artifacts/dreams/none/video.mp4', undefined, {}, 404, 'not_found'],
    ['a wrong method', 'DELETE', '/dreams', undefined, {}, 405, 'method_not_allowed'],
    ['a wrong method deeper', 'GET', `/dreams/${nobody}/finish`, undefined, {}, 405, 'method_not_allowed'],
    ['malformed JSON', 'POST', '/dreams', '{"transcript": ', json, 400, 'malformed_json'],
    [
      'another type than JSON',
      'POST',
      '/dreams',
      'transcript=x',
      { 'content-type': 'text/csv' },
      415,
      'unsupported_media_type',
    ],
    ['a body that is too large', 'POST', '/dreams', { transcript: 'x'.repeat(300_000) }, json, 413, 'body_too_large'],
    ['no body', 'POST', '/dreams', '', json, 422, 'invalid_request'],
    ['an array for a body', 'POST', '/dreams', [], json, 422, 'invalid_request'],
    ['a missing field', 'POST', '/dreams', {}, json, 422, 'invalid_request'],
    ['only white space', 'POST', '/dreams', { transcript: ' \n\t ' }, json, 422, 'invalid_request'],
    ['an unknown field', 'POST', '/dreams', { transcript: 'a', tramscript: 'b' }, json, 422, 'invalid_request'],
    ['NUL in a text', 'POST', '/dreams', { transcript: 'a\0b' }, json, 422, 'invalid_request'],
    [
      'half a surrogate pair',
      'POST',
      '/jobs',
      { pipeline: 'selftest', input: {}, metadata: { a: '\ud800' } },
      json,
      422,
      'invalid_text',
    ],
    [
      'what is nested too deep',
      'POST',
      '/jobs',
      `{"pipeline":"selftest","input":{},"metadata":{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`,
      json,
      422,
      'too_deep',
    ],
    ['a pipeline that is none', 'POST', '/jobs', { pipeline: 'x', input: {} }, json, 422, 'invalid_request'],
    [
      'an input that does not fit',
      'POST',
      '/jobs',
      { pipeline: 'dream', input: { transcript: 'a' } },
      json,
      422,
      'invalid_input',
    ],
    ['a page that is too long', 'GET', '/jobs?limit=100000', undefined, {}, 422, 'invalid_request'],
    ['a cursor that is none', 'GET', '/jobs?cursor=abc', undefined, {}, 422, 'bad_cursor'],
    ['an address that cannot be decoded', 'GET', '/dreams/%zz', undefined, {}, 400, 'bad_url'],
    [
      'a cursor from the year 275760',
      'GET',
      `/jobs?cursor=${Buffer.from(`+275760-09-13T00:00:00.000Z ${randomUUID()}`).toString('base64url')}`,
      undefined,
      {},
      422,
      'bad_cursor',
    ],
    [
      'a deadline in the year 0',
      'POST',
      '/jobs',
      { pipeline: 'selftest', input: {}, deadline: '0000-01-01T00:00:00Z' },
      json,
      422,
      'invalid_request',
    ],
    [
      'a start-by that has passed',
      'POST',
      '/jobs',
      { pipeline: 'selftest', input: {}, start_by: '2020-01-01T00:00:00Z' },
      json,
      422,
      'invalid_request',
    ],
    ['a fleet that is none', 'PUT', '/admin/lanes/fleet/nofleet', { paused: true }, json, 422, 'unknown_lane'],
    ['nothing to change', 'PATCH', `/dreams/${nobody}`, {}, json, 422, 'invalid_request'],
    [
      'an unsigned report',
      'POST',
      `/dreams/${nobody}/video-complete`,
      { status: 'failed', error: 'x' },
      json,
      401,
      'bad_signature',
    ],
    ['a path out of the store', 'GET', '/artifacts/..%2f..%2fetc%2fpasswd', undefined, {}, 404, 'not_found'],
  ];
  test.each(MISTAKES)('%s', async (_what, method, path, body, headers, status, code) => {
    const answer = await call(method, path, body, headers);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
      instance: path.split('?')[0],
    });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|select |insert /);
  });
});

test('F4: a bad field is named by its JSON pointer', async () => {
  const { body } = await call<{ errors: { pointer: string }[] }>('POST', '/dreams', {
    transcript: 'a',
    aspect: '4:3',
    segments: [{ text: 'fine' }, { text: '' }],
  });
  expect(body.errors.map(({ pointer }) => pointer)).toEqual(['/segments/1/text', '/aspect']);
});

test('an unknown field is named, too', async () => {
  const { body } = await call<{ errors: unknown[] }>('POST', '/dreams', { transcript: 'a', tramscript: 'b' });
  expect(body.errors).toEqual([{ pointer: '/tramscript', detail: 'there is no such field' }]);
});

test('a wrong method says which are right', async () => {
  const { headers } = await call('PUT', '/dreams');
  expect(headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
});

test('any Unicode text is kept as it is', async () => {
  const transcript = 'Ünïcödé \'quotes\' "double" %{pts} \\N {\\an8} 🌊 海 عربي \u200f\u202e';
  const { body, status } = await call('POST', '/dreams', { transcript });
  expect([status, body.transcript]).toEqual([201, transcript]);
});
