import { request } from 'node:http';
import type { Client } from './client.ts';

export interface Upload {
  upload_id: string;
  source: string;
  status: string;
  part_bytes: number;
  part_count: number;
  expires_at: string;
  parts: { number: number; bytes: number; url: string }[];
  received: { number: number; bytes: number }[];
  missing: number[];
}

/** A caller who sends `file` in parts of `partBytes`. */
export const uploader = (call: Client, file: Buffer<ArrayBuffer>, partBytes: number) => {
  const bytesOf = (number: number) => file.subarray((number - 1) * partBytes, number * partBytes);
  return {
    bytesOf,
    begin: async () =>
      (await call<Upload>('POST', '/uploads', { filename: 'a.mp4', bytes: file.length, part_bytes: partBytes })).body,
    look: async (id: string) => (await call<Upload>('GET', `/uploads/${id}`)).body,
    linkTo: async (id: string, number: number) =>
      (await call<Upload>('POST', `/uploads/${id}/parts`, { numbers: [number] })).body.parts[0]!.url,
    send: (url: string, number: number) => fetch(url, { method: 'PUT', body: bytesOf(number) }),
    complete: (id: string) => call<Upload & { code: string; detail: string }>('POST', `/uploads/${id}/complete`),
  };
};

/** Says how long the body is, sends so much of it, and hangs up. */
export const sendAndBreakOff = (url: string, body: Buffer, sent: number): Promise<void> =>
  new Promise((resolve) => {
    const put = request(url, { method: 'PUT', headers: { 'content-length': body.length } });
    put.on('error', () => resolve()).on('close', () => resolve());
    put.write(body.subarray(0, sent), () => setTimeout(() => put.destroy(), 50));
  });
