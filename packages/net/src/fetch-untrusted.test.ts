import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ASK, outcome, serve } from '../../../test/support/untrusted.ts';
import { fetchUntrusted } from './fetch-untrusted.ts';
import { privateHosts } from './private-hosts.ts';

const textOf = async (answer: { body: AsyncIterable<Uint8Array> }) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe('what the operator has listed', () => {
  const allowed = privateHosts('127.0.0.1');
  const onLoopback = async (listener: RequestListener) => {
    const server = await serve(listener);
    onTestFinished(server.close);
    return `http://127.0.0.1:${server.port}/`;
  };

  test('is reached, under its name, and nothing is decompressed', async () => {
    const zipped = gzipSync('hello');
    const url = await onLoopback((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'x-host': request.headers.host! }).end(zipped);
    });
    const named = url.replace('127.0.0.1', 'receiver.example');
    await using answer = await fetchUntrusted(named, { ...ASK, allowed, resolve: async () => ['127.0.0.1'] });
    expect([answer.status, answer.headers['x-host']]).toEqual([200, new URL(named).host]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(zipped);
  });

  test('by name, too: such a name goes through the system, /etc/hosts included', async () => {
    const url = (await onLoopback((_request, response) => response.end('here'))).replace('127.0.0.1', 'localhost');
    expect(await outcome(url, { allowed: privateHosts('localhost') })).toBe(200);
    expect(await outcome(url, { allowed })).toBe('private');
  });

  test('redirects: three and no more, with credentials only for the first host; none for what is sent', async () => {
    const seen: unknown[] = [];
    const url = await onLoopback((request, response) => {
      const left = Number(request.url!.slice(1));
      seen.push(request.headers.authorization);
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `http://other.example:${new URL(url).port}/${left - 1}` }).end();
    });
    const ask = { ...ASK, allowed, maxRedirects: 3, resolve: async () => ['127.0.0.1'] };
    await using answer = await fetchUntrusted(`${url}3`, { ...ask, headers: { authorization: 'Bearer x' } });
    expect(await textOf(answer)).toBe('there');
    expect(seen).toEqual(['Bearer x', undefined, undefined, undefined]);
    expect(await outcome(`${url}4`, ask)).toBe('redirect');
    expect(await outcome(`${url}1`, { ...ask, method: 'POST', body: '{}' })).toBe('redirect');
  });

  test('an endless body ends at the cap', async () => {
    const url = await onLoopback((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(100_000)));
        response.once('drain', more);
      };
      more();
    });
    await using answer = await fetchUntrusted(url, { ...ASK, allowed });
    expect((await textOf(answer)).length).toBe(ASK.maxBytes);
    expect(answer.cut()).toBe(true);
  });

  test.each<[string, RequestListener]>([
    ['says nothing', () => {}],
    [
      'trickles its body',
      (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('.'), 50);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('a receiver that %s is left at the deadline', async (_how, listener) => {
    const url = await onLoopback(listener);
    const started = Date.now();
    const reading = (async () => {
      await using answer = await fetchUntrusted(url, {
        ...ASK,
        allowed,
        seconds: { connect: 5, idle: 5, total: 0.5 },
      });
      return await textOf(answer);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(Date.now() - started).toBeLessThan(1_500);
  });

  test('a header line a byte at a time is left at the deadline, too', async () => {
    const { createServer: tcp } = await import('node:net');
    const server = tcp((socket) => {
      const drip = setInterval(() => socket.write('H'), 50);
      socket.on('error', () => {}).on('close', () => clearInterval(drip));
      socket.write('HTTP/1.1 200 OK\r\n');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await outcome(url, { allowed, seconds: { connect: 5, idle: 5, total: 0.5 } })).toBe('TimeoutError');
  });

  test('whoever asked may change his mind', async () => {
    const url = await onLoopback(() => {});
    const stop = new AbortController();
    const asked = outcome(url, { allowed, signal: stop.signal });
    await sleep(50);
    stop.abort();
    expect(await asked).toBe('AbortError');
  });
});
