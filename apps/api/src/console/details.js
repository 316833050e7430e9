import { call } from './api.js';
import { jobOf } from './one-job.js';

/** @typedef {import('./types.d.ts').Job} Job */

/** @type {Map<string, { job: Job, of: string }>} */
const known = new Map();
/** @type {Map<string, string>} */
const fleets = new Map();
/** @type {Promise<unknown>} */
let line = Promise.resolve();

/** Everything about a job the page has seen before. @param {string} id */
export const detailOf = (id) => known.get(id)?.job;

/** Which fleet runs a stage, learned from jobs seen before. @param {string} pipeline @param {string} stage */
export const fleetOf = (pipeline, stage) => fleets.get(`${pipeline}/${stage}`);

/** @param {Job} job */
export function learn(job) {
  known.set(job.job_id, { job, of: stateOf(job) });
  for (const { name, fleet } of job.stages) fleets.set(`${job.pipeline}/${name}`, fleet);
}

/**
 * Asks for the whole of a job where the list tells too little: once, and again when it moved on. One at a time.
 * @param {import('./types.d.ts').Summary} summary @param {() => void} then
 */
export function askFor(summary, then) {
  if (known.get(summary.job_id)?.of === stateOf(summary)) return;
  line = line
    .then(async () => {
      if (known.get(summary.job_id)?.of === stateOf(summary)) return;
      learn(jobOf(await call('GET', `jobs/${summary.job_id}`)));
      then();
    })
    .catch(() => undefined);
}

/** @param {{ status: string, stage: string | null }} job */
const stateOf = ({ status, stage }) => `${status} ${stage}`;
