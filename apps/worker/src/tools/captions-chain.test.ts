import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, type Segment, Transcript } from '@reverie/contracts';
import { type Context, PIPELINES } from '@reverie/pipelines';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenAiServer, openAiServer, sending } from '../../../../test/support/openai-server.ts';
import { soundBooth } from '../../../../test/support/sound-booth.ts';
import { knownSpeech } from '../../../../test/support/speech.ts';
import { storeFiles } from './files.ts';
import { soundTools } from './sound-tools.ts';

const booth = await soundBooth();
let server: OpenAiServer;
beforeAll(async () => {
  server = await openAiServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const stages = PIPELINES.find(({ name }) => name === 'captions')!.stages;

/** What the pipeline does after the download, with real tools, in one process. */
async function captioned(media: Artifact, wish: Record<string, unknown>) {
  const { apiKey, baseUrl } = server;
  const context = {
    ...booth.running(),
    key: (name: string) => `made/${name}`,
    tools: {
      ...soundTools({
        ...booth.here,
        services: {
          ...{ downloader: undefined, normaliser: undefined, transcriber: undefined },
          ...{ pollSeconds: 1, pollAttempts: 1, retries: 0, backoffSeconds: 1 },
        },
        providers: {
          transcribe: { apiKey, baseUrl, named: 'TRANSCRIBE', model: 'whisper-1' },
          ...{ translate: undefined, vision: undefined, embed: undefined },
        },
      }),
      files: storeFiles(booth.store),
    },
  } as unknown as Context;
  const facts = { duration: 1, audio: { codec: 'x', sampleRate: 1, channels: 1 } };
  const wishes = { convertToMono: true, setSampleRate16k: true, applyHighpassFilter: true, isolateVocals: false };
  let known: Record<string, unknown> = { media, facts, language: 'auto', removeNoise: true, ...wishes, ...wish };
  for (const stage of stages.slice(1)) {
    const given = stage.needs.parse(known);
    if (stage.kind === 'step') known = { ...known, ...stage.gives.parse(await stage.run(given, context)) };
    else {
      const parts: unknown[] = [];
      for (const item of stage.split(given)) parts.push(stage.part.parse(await stage.run(item, given, context)));
      known = { ...known, ...stage.gives.parse(stage.join(parts as never)) };
    }
  }
  const { srt, vtt, json } = known.files as Record<'srt' | 'vtt' | 'json', Artifact>;
  const read = (file: Artifact) => readFile(booth.stored(file), 'utf8');
  return {
    transcript: known.transcript as Transcript,
    rests: (known.recording as { rests: { start: number; end: number }[] }).rests,
    ...{ srt: await read(srt), vtt: await read(vtt), json: await read(json) },
  };
}

/** The cues of a file: times in seconds, and text. */
const cues = (file: string): Segment[] =>
  [...file.matchAll(/(\S+) --> (\S+)\n(.+)/g)].map(([, start, end, text]) => ({
    start: seconds(start!),
    end: seconds(end!),
    text: text!,
  }));
function seconds(timecode: string) {
  const [hours, minutes, rest] = timecode.replace(',', '.').split(':').map(Number);
  return Math.round((hours! * 3_600 + minutes! * 60 + rest!) * 1_000) / 1_000;
}

/** F33: text, segments, SRT, VTT and JSON say the same. */
function expectAgreement({ transcript, srt, vtt, json }: Awaited<ReturnType<typeof captioned>>) {
  expect(Transcript.parse(JSON.parse(json))).toEqual(transcript);
  expect(cues(srt)).toEqual(transcript.segments);
  expect(cues(vtt)).toEqual(transcript.segments);
  expect(transcript.segments.map(({ text }) => text).join(' ')).toBe(transcript.text);
  const times = transcript.segments.flatMap(({ start, end }) => [start, end]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

test('F33, C12: what is said in a noisy video is found, and every file tells the same', async () => {
  const said = [
    { pause: 0.8, text: 'I was walking through a field of silver grass.' },
    { pause: 0.9, text: 'My grandmother stood at the edge of the water with a lantern.' },
    { pause: 1.2, text: 'She told me that the boat would carry what I was willing to forget.' },
  ];
  const { segments, seconds } = await knownSpeech(join(booth.root, 'speech.wav'), said);
  const noise = ['-f', 'lavfi', '-i', `anoisesrc=a=0.004:d=${seconds}:seed=2`];
  const picture = ['-f', 'lavfi', '-i', `color=s=64x64:r=5:d=${seconds}`];
  const graph = ['-filter_complex', '[0][1]amix=2:normalize=0:duration=first[a]', '-map', '[a]', '-map', '2'];
  const media = await booth.media('said.mp4', '-i', join(booth.root, 'speech.wav'), ...noise, ...picture, ...graph);
  server.next(sending(200, { language: 'english', text: 'all of it', segments }));

  const made = await captioned(media, {});
  expectAgreement(made);
  expect(made.transcript).toMatchObject({ language: 'english', provider: 'openai/whisper-1' });
  expect(made.transcript.segments.map(({ text }) => text)).toEqual(said.map(({ text }) => text));
  // Whoever speaks with a pause inside a sentence makes more rests; those that are known are among them.
  for (const [i, { start }] of segments.entries()) {
    const before = segments[i - 1]?.end ?? 0;
    const rest = made.rests.find(({ end }) => Math.abs(end - start) < 0.1);
    expect(rest, `a rest that ends at ${start}`).toBeDefined();
    if (i > 0) expect(Math.abs(rest!.start - before)).toBeLessThan(0.15);
  }
});

test('C12: a long recording goes in pieces, cut where nobody speaks, and comes back with right times', async () => {
  const talk = "sine=f=300:r=8000:d=610,volume=0:enable='gte(mod(t,7),6)+between(t,404,406)'";
  const media = await booth.media('long.flac', '-f', 'lavfi', '-i', talk);
  server.requests.splice(0);
  const made = await captioned(media, { removeNoise: false, setSampleRate16k: false });
  expectAgreement(made);
  expect(server.requests).toHaveLength(2);
  const cut = 405;
  const starts = made.transcript.segments.map(({ start }) => start);
  expect(starts.find((start) => start > cut - 1 && start < cut + 1)).toBeDefined();
  expect(made.transcript.segments.at(-1)!.end).toBeCloseTo(610, 1);
  expect(made.transcript.cost).toBeCloseTo((610 / 60) * 0.006, 5);
});
