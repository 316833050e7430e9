import { isAscii } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { outcome, serve } from '../../../test/support/untrusted.ts';
import { privateHosts } from './private-hosts.ts';

/** Must never be called. It listens on every address of this machine. */
let canary: Awaited<ReturnType<typeof serve>>;
let hits: string[] = [];
beforeAll(async () => {
  canary = await serve((request, response) => {
    hits.push(`${request.headers.host}${request.url}`);
    response.end('the secret');
  }, '0.0.0.0');
});
afterAll(() => canary.close());

/** Loopback and what lies near it, in every spelling; `:80` stands where the canary's port goes. */
const NASTY = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.127.127.127', '0', '0.0.0.0', '2130706433', '0x7f000001', '0x7f.0.0.1'],
  ...['0x7f.1', '017700000001', '0177.0.0.1', '0177.0.0.0x1', '00000177.1', '0x7f.0x0.0x0.0x1', '127.0.0.1.'],
  ...['①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1', '127.0.0.%31', 'localhost', 'LOCALHOST', 'localhost.'],
  ...['foo.localhost', 'ⓛocalhost', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[0000::0001]', '[::ffff:127.0.0.1]'],
  ...['[::ffff:7f00:1]', '[::127.0.0.1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]'],
  ...['[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:7f00:1::1]', '[2001:0:7f00:1::1]'],
  ...['[2001:0:0:0:0:0:80ff:fffe]', '[fe80::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[fd00::1]', '[ff02::1]'],
  ...['169.254.169.254', '169.254.170.2', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '[::ffff:a9fe:a9fe]'],
  ...['[64:ff9b::169.254.169.254]', '100.100.100.200', '192.0.0.192', '168.63.129.16', '10.0.0.1', '10.1', '167772161'],
  ...[
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.257',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
  ],
  ...['255.255.255.255', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]'],
];

describe('T19: addresses that must not be reached', () => {
  test(`${NASTY.length} spellings, with and without the canary's port, as target and as redirect`, async () => {
    const redirecting = await serve((request, response) => {
      const location = Buffer.from(decodeURIComponent(request.url!.slice(1))).toString('latin1');
      response.writeHead(302, { location }).end();
    });
    onTestFinished(redirecting.close);
    hits = [];
    for (const host of NASTY) {
      for (const url of [`http://${host}/`, `http://${host}:${canary.port}/`, `https://${host}/`]) {
        expect([url, await outcome(url)]).toEqual([url, 'private']);
      }
      // The server that redirects is listed by name, the rest is not.
      const from = `http://redirecting:${redirecting.port}/${encodeURIComponent(`http://${host}:${canary.port}/`)}`;
      const hop = { allowed: privateHosts('redirecting'), resolve: async () => ['127.0.0.1'], maxRedirects: 3 };
      // Header lines are Latin-1: what is not arrives garbled.
      expect([from, await outcome(from, hop)]).toEqual([from, isAscii(Buffer.from(host)) ? 'private' : 'not a url']);
      expect(await outcome(from, { ...hop, maxRedirects: 0 })).toBe(302);
    }
    expect(NASTY.length).toBeGreaterThanOrEqual(60);
    expect(hits).toEqual([]);
  });

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '2606:4700::1111'],
    ['not an address'],
  ])('a name that leads to %s %s', async (...answers) => {
    hits = [];
    expect(await outcome('http://rebind.example/', { resolve: async () => answers })).toBe('private');
    expect(await outcome(`http://rebind.example:${canary.port}/`, { resolve: async () => answers })).not.toBe(200);
    expect(hits).toEqual([]);
  });

  test('a name that is public when it is checked is not asked for again when it is connected to', async () => {
    let asked = 0;
    const resolve = async () => [asked++ === 0 ? '198.41.0.4' : '127.0.0.1'];
    hits = [];
    await outcome(`http://rebind.example/`, { resolve, seconds: { connect: 0.3, idle: 0.3, total: 0.3 } });
    expect([asked, hits]).toEqual([1, []]);
  });

  test('public names on ports that are not the web’s', async () => {
    const resolve = async () => ['198.41.0.4'];
    expect(await outcome('http://example.com:6379/', { resolve })).toBe('port');
    // Networks are listed, so the name has to be resolved before the port can be judged.
    expect(await outcome('http://example.com:6379/', { resolve, allowed: privateHosts('10.0.0.0/8') })).toBe('port');
  });

  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'https://user@example.com/',
    'ftp://example.com/',
    'data:,x',
  ])('a redirect to %s', async (location) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    onTestFinished(server.close);
    const url = `http://127.0.0.1:${server.port}/`;
    const because = location.startsWith('https') ? 'credentials' : 'scheme';
    expect(await outcome(url, { allowed: privateHosts('127.0.0.1'), maxRedirects: 3 })).toBe(because);
  });

  test('a name nobody knows, and a name server that never answers', async () => {
    expect(await outcome('http://nowhere.example/', { resolve: async () => [] })).toBe('unresolved');
    expect(await outcome('http://nowhere.example/', { resolve: () => Promise.reject(new Error('SERVFAIL')) })).toBe(
      'unresolved',
    );
    const started = Date.now();
    const seconds = { connect: 1, idle: 1, total: 0.3 };
    expect(await outcome('http://nowhere.example/', { resolve: () => new Promise(() => {}), seconds })).toBe(
      'TimeoutError',
    );
    expect(Date.now() - started).toBeLessThan(1_500);
  });
});
