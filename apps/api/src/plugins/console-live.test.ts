import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** How the console keeps in step, with a browser of three parts. */
const { follow, LATER_MS, SOON_MS } = await import(join(import.meta.dirname, '../console/live.js'));

/** As browsers have it, but for the line. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 0;
  readonly url: string;
  constructor(url: URL) {
    super();
    this.url = url.href;
    Source.opened.push(this);
  }
  open() {
    this.readyState = 1;
  }
  close() {
    this.readyState = Source.CLOSED;
  }
  say = (name: string) => this.dispatchEvent(new Event(name));
}

const page = Object.assign(new EventTarget(), { hidden: false });
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  vi.stubGlobal('EventSource', Source);
  Source.opened = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that follows a job; every answer signs its stream anew. */
async function following() {
  let reads = 0;
  let ended = false;
  const read = async () => ({ stream: `http://elsewhere/jobs/1/stream?signature=${++reads}` });
  const it = follow(read, {
    tell() {},
    everyMs: () => SOON_MS,
    streamOf: ({ stream }: { stream: string }) => (ended ? undefined : stream),
  });
  await vi.advanceTimersByTimeAsync(0);
  return { ...it, reads: () => reads, end: () => (ended = true), line: () => Source.opened.at(-1)! };
}

test('while the stream is not open it polls; once it is, what happens is read at once and the polls are few', async () => {
  const it = await following();
  expect([it.reads(), Source.opened.length]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(2 * SOON_MS);
  expect([it.reads(), Source.opened.length]).toEqual([3, 1]);

  it.line().open();
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(it.reads()).toBe(4);
  await vi.advanceTimersByTimeAsync(LATER_MS - 1);
  expect(it.reads()).toBe(4);
  await vi.advanceTimersByTimeAsync(1);
  expect(it.reads()).toBe(5);
  for (const name of ['task.completed', 'task.started', 'progress']) it.line().say(name);
  await vi.advanceTimersByTimeAsync(300);
  expect([it.reads(), Source.opened.length]).toEqual([6, 1]);
  await vi.advanceTimersByTimeAsync(300);
  it.line().say('progress');
  await vi.advanceTimersByTimeAsync(300);
  expect(it.reads()).toBe(6);
  it.stop();
});

test('what takes long to read is read less often', async () => {
  let reads = 0;
  const read = async () => {
    reads++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { stream: 'http://elsewhere/jobs/1/stream' };
  };
  const { stop } = follow(read, {
    tell() {},
    everyMs: () => SOON_MS,
    streamOf: ({ stream }: { stream: string }) => stream,
  });
  await vi.advanceTimersByTimeAsync(500);
  Source.opened.at(-1)!.open();
  await vi.advanceTimersByTimeAsync(SOON_MS + 500);
  const before = reads;
  for (let tenths = 0; tenths < 50; tenths++) {
    Source.opened.at(-1)!.say('task.completed');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(reads - before).toBe(2); // 2 s of rest before each half second of reading
  stop();
});

test('it asks for the stream at its own origin, and with a fresh link where the old one was refused', async () => {
  const it = await following();
  expect(it.line().url).toMatch(/^file:.*\/jobs\/1\/stream\?signature=1$/);
  it.line().close();
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(Source.opened.map(({ url }) => url.at(-1))).toEqual(['1', '2']);
  it.stop();
  expect(it.line().readyState).toBe(Source.CLOSED);
});

test('a page nobody sees holds no line, nor does one whose job has ended', async () => {
  const it = await following();
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(it.line().readyState).toBe(Source.CLOSED);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await vi.advanceTimersByTimeAsync(0);
  expect(Source.opened.length).toBe(2);
  it.end();
  await vi.advanceTimersByTimeAsync(SOON_MS);
  expect(it.line().readyState).toBe(Source.CLOSED);
  it.stop();
});

test('a browser without streams polls', async () => {
  vi.stubGlobal('EventSource', undefined);
  const it = await following();
  await vi.advanceTimersByTimeAsync(3 * SOON_MS);
  expect(it.reads()).toBe(4);
  it.stop();
});
