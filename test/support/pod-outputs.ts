import { Readable } from 'node:stream';
import type { PodRun } from '@reverie/contracts';
import type { Store } from '@reverie/storage';

const VTT = 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n';
const HLS = '#EXTM3U\nvideo/stream.m3u8\n';

/** What a pod makes of a run: its files first, the manifest last. `other` is said in it instead; `share`: so much of it is written. */
export async function putOutputs(
  store: Store,
  { job_id, s3_output_prefix: prefix }: PodRun,
  { other = {}, share = 1 }: { other?: object; share?: number } = {},
): Promise<void> {
  const put = (name: string, text: string, contentType: string) =>
    store.put(`${prefix}/${name}`, Readable.from([text]), { contentType });
  await put('subtitles.vtt', VTT, 'text/vtt');
  await put('master.m3u8', HLS, 'application/vnd.apple.mpegurl');
  const files = { subtitle_vtt_url: 'subtitles.vtt', subtitle_hls_master: `${prefix}/master.m3u8` };
  const manifest = JSON.stringify({ job_id, ...files, ...other });
  await put('manifest.json', manifest.slice(0, manifest.length * share), 'application/json');
}
