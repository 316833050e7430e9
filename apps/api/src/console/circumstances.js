import { signal } from './signal.js';

/** Whether the API answers. */
export const reachable = signal(true);

/** Why a key is asked for, in a sentence; undefined while none is. */
export const keyWanted = signal(/** @type {string | undefined} */ (undefined));

/** Scopes the API has said this key lacks. */
export const lacking = signal(/** @type {readonly string[]} */ ([]));

/** Stages of what is on the page that wait for a worker. */
export const waiting = signal(/** @type {import('./types.d.ts').Wait[]} */ ([]));
