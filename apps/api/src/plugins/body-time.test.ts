import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyTime } from './body-time.ts';

const LIMIT_MS = 500;
const app = Fastify();
let port: number;
beforeAll(async () => {
  bodyTime(app, LIMIT_MS);
  app.addContentTypeParser('*', (_request, body, done) => void body.resume().on('end', () => done(null)));
  app.post('/json', async () => 'taken');
  app.put('/file', { config: { takesFiles: true } }, async () => 'taken');
  app.get('/slow', async () => sleep(2 * LIMIT_MS, 'told'));
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as { port: number }).port;
});
afterAll(() => app.close());

/** Sends a body of ten bytes, one every so often, as far as it is let. */
async function trickle(line: string, everyMs: number, sent = 10): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data)).on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`${line} HTTP/1.1\r\nhost: x\r\ncontent-type: a/b\r\ncontent-length: 10\r\nconnection: close\r\n\r\n`);
  for (let n = 0; n < sent; n++) {
    await sleep(everyMs);
    if (!socket.writable) break;
    socket.write('x');
  }
  await closed;
  return answer;
}

test('a file may take longer than the limit, as long as something comes', async () => {
  expect(await trickle('PUT /file', LIMIT_MS / 5)).toContain('taken');
});

test('a file of which nothing comes, and a body that takes too long, are ended', async () => {
  const [stalled, slow] = await Promise.all([trickle('PUT /file', 1, 3), trickle('POST /json', LIMIT_MS / 5)]);
  expect([stalled, slow]).toEqual(['', '']);
});

test('a body that has come, or none at all, is not held to the limit', async () => {
  expect(await trickle('POST /json', 1)).toContain('taken');
  expect(await (await fetch(`http://127.0.0.1:${port}/slow`)).text()).toBe('told');
});
