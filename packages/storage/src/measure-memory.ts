import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { linkSigner } from './links.ts';
import { openStore } from './open.ts';

// A process of its own for store-memory.test.ts: `{"store": …, "megabytes": …}` → what 100 MB in and out cost in memory.
const { store: config, megabytes } = JSON.parse(process.argv[2]!);
const store = openStore({ ...config, links: linkSigner({ secret: 'for tests', baseUrl: 'http://127.0.0.1' }) });
const MB = 1024 * 1024;

const chunksToSend = Array.from({ length: 13 }, (_, n) => Buffer.alloc(64 * 1024, `${n}.`));

async function throughTheStore(chunks: number) {
  const [sent, received] = [createHash('md5'), createHash('md5')];
  const body = Readable.from(
    (async function* () {
      for (let n = 0; n < chunks; n++) {
        const chunk = chunksToSend[n % chunksToSend.length]!;
        sent.update(chunk);
        yield chunk;
      }
    })(),
  );
  await store.put('big.bin', body, { contentType: 'application/octet-stream' });
  await pipeline((await store.get('big.bin'))!, received);
  return sent.digest('hex') === received.digest('hex');
}

await throughTheStore(1); // loads the SDK and opens connections
globalThis.gc!();
const before = process.memoryUsage();
const peak = { ...before };
// Collect first, then look: V8 lets 64 MB of dead buffers pile up before it minds, and they are not ours.
const sampling = setInterval(() => {
  globalThis.gc!();
  const now = process.memoryUsage();
  for (const kind of ['rss', 'heapUsed', 'external'] as const) peak[kind] = Math.max(peak[kind], now[kind]);
}, 60);
const same = await throughTheStore(megabytes * 16);
clearInterval(sampling);

const grewMb = (kind: 'rss' | 'heapUsed' | 'external') => Math.round((peak[kind] - before[kind]) / MB);
console.log(JSON.stringify({ same, rssMb: grewMb('rss'), heapMb: grewMb('heapUsed'), externalMb: grewMb('external') }));
process.exit();
