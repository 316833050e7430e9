import { call } from './api.js';
import { follow } from './live.js';
import { signal } from './signal.js';

/** Workers give a sign every 15 s; asking more often than this shows nothing new. */
const EVERY_MS = 5_000;

/** How Reverie is doing, as it last said. */
export const health = signal(/** @type {import('./types.d.ts').Health | undefined} */ (undefined));

follow(() => call('GET', 'health'), { tell: health.set, everyMs: () => EVERY_MS });
