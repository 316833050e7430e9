import { crc32, deflateSync } from 'node:zlib';

/** A PNG of a soft gradient. */
export function png(width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.concat([
      Buffer.of(0),
      ...Array.from({ length: width }, (_, x) => Buffer.of((x * 255) / width, (y * 255) / height, 140)),
    ]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // eight bits a channel, RGB
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A WAV at 24 kHz, as OpenAI sends it: 0.2 s of silence, a murmur for `seconds`, 0.3 s of silence, and a header that claims no length. */
export function wav(seconds: number): Buffer {
  const rate = 24_000;
  const samples = new Int16Array(Math.round(rate * (seconds + 0.5)));
  for (let i = Math.round(rate * 0.2); i < rate * (seconds + 0.2); i++) {
    samples[i] =
      6_000 * Math.sin((i * 2 * Math.PI * 180) / rate) * (0.6 + 0.4 * Math.sin((i * 2 * Math.PI * 4) / rate));
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(0xffffffff, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(0xffffffff, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
