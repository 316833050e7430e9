import { Problem } from './api.js';

/** @typedef {import('./types.d.ts').UploadNow} UploadNow */
/**
 * How a file travels: the API, the way for one part, who is told how many bytes are there, and where the id is kept.
 * @typedef {object} Way
 * @property {typeof import('./api.js').call} call
 * @property {(url: string, part: Blob, on: { signal: AbortSignal, told(bytes: number): void }) => Promise<void>} send
 * @property {(bytes: number) => void} told
 * @property {AbortSignal} signal
 * @property {{ get(): string | null, set(id: string): void }} memory
 * @property {number} [pauseMs]
 */

/** One line alone is slow where the way is long. */
const AT_ONCE = 3;
/** With the pauses between them, a minute without a network is waited out. */
const TRIES = 6;
const PAUSE_MS = 2_000;
/** So many links the API makes at once. */
const LINKS = 100;
/** Putting the parts together takes a folder a minute for 20 GiB. */
const COMPLETE_MS = 600_000;

/**
 * Sends a file in parts, each again until it is there, and goes on where an earlier try of the same file ended.
 * @param {File} file @param {Way} way
 * @returns {Promise<string>} the source that jobs name
 */
export async function upload(file, way) {
  const now = (await begunBefore(file, way)) ?? (await begin(file, way));
  way.memory.set(now.upload_id);
  if (now.status === 'open') {
    await sendParts(file, now, way);
    await way.call('POST', `uploads/${now.upload_id}/complete`, undefined, { patienceMs: COMPLETE_MS });
  }
  return now.source;
}

/** @param {File} file @param {Way} way @returns {Promise<UploadNow>} */
async function begin({ name, size, type }, { call }) {
  const content_type = /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : undefined;
  const begun = await call('POST', 'uploads', { filename: name, bytes: size, content_type });
  return { ...begun, missing: Array.from({ length: begun.part_count }, (_, at) => at + 1) };
}

/** @param {File} file @param {Way} way @returns {Promise<UploadNow | undefined>} */
async function begunBefore(file, { call, memory }) {
  const id = memory.get();
  if (!id) return undefined;
  /** @type {UploadNow | undefined} */
  const before = await call('GET', `uploads/${id}`).catch((error) => {
    if (error instanceof Problem && error.status < 500) return undefined; // its time is over, or it is somebody else's
    throw error;
  });
  return before?.bytes === file.size ? before : undefined;
}

/** @param {File} file @param {UploadNow} now @param {Way} way */
async function sendParts(file, { upload_id, part_bytes, missing, parts = [] }, { call, send, told, ...way }) {
  const trouble = new AbortController();
  const signal = AbortSignal.any([way.signal, trouble.signal]);
  const links = new Map(parts.map(({ number, url }) => [number, url]));
  const waiting = [...missing];
  const partOf = (/** @type {number} */ number) => file.slice((number - 1) * part_bytes, number * part_bytes);
  const left = new Map(missing.map((number) => [number, partOf(number).size]));

  /** @param {number} number @param {number} sent */
  function progress(number, sent) {
    left.set(number, partOf(number).size - sent);
    told(file.size - [...left.values()].reduce((sum, bytes) => sum + bytes, 0));
  }

  /** @param {number} number */
  async function freshLink(number) {
    const numbers = [number, ...waiting.slice(0, LINKS - 1)];
    const answer = await call('POST', `uploads/${upload_id}/parts`, { numbers });
    for (const { number, url } of answer.parts) links.set(number, url);
  }

  /** @param {number} number @param {number} tried */
  async function sendPart(number, tried) {
    try {
      // A link works for a while; after a failure there is a fresh one.
      if (tried > 0 || !links.has(number)) await freshLink(number);
      const url = /** @type {string} */ (links.get(number));
      await send(url, partOf(number), { signal, told: (sent) => progress(number, sent) });
      progress(number, partOf(number).size);
    } catch (error) {
      progress(number, 0);
      const refused = error instanceof Problem && error.status < 500 && error.status !== 429;
      if (refused || signal.aborted || tried + 1 >= TRIES) throw error;
      await pause((way.pauseMs ?? PAUSE_MS) * 2 ** tried, signal);
      await sendPart(number, tried + 1);
    }
  }

  async function lane() {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await sendPart(number, 0);
  }

  signal.throwIfAborted();
  await Promise.all(Array.from({ length: AT_ONCE }, lane)).catch((error) => {
    trouble.abort();
    throw error;
  });
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
