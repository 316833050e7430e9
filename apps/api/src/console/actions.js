import { call } from './api.js';
import { learn } from './details.js';
import { notice } from './notice.js';
import { jobOf } from './one-job.js';

/** @param {Promise<import('./types.d.ts').ShownJob>} asked @param {string} done */
async function tell(asked, done) {
  try {
    const job = jobOf(await asked);
    learn(job);
    notice(done);
    return job;
  } catch (error) {
    notice(/** @type {Error} */ (error).message, 'bad');
    return undefined;
  }
}

/** @param {string} id @param {string} title */
export const cancelJob = (id, title) => tell(call('POST', `jobs/${id}/cancel`), `Cancelled: ${title}`);

/** @param {string} id @param {string} title @param {string} [from] the stage to begin anew with */
export const retryJob = (id, title, from) =>
  tell(call('POST', `jobs/${id}/retry`, from ? { from } : {}), `Runs again: ${title}`);

/** @param {string} dreamId @param {string} title */
export const makeVideo = async (dreamId, title) => {
  try {
    const { job_id } = await call('POST', `dreams/${dreamId}/finish`);
    notice(`The video is being made: ${title}`);
    return /** @type {string} */ (job_id);
  } catch (error) {
    notice(/** @type {Error} */ (error).message, 'bad');
    return undefined;
  }
};
