import { call, Problem } from './api.js';
import { uuid } from './uuid.js';

/** @type {{ as: string, id: string } | undefined} */
let unsure;

/**
 * Tells a dream and asks for its video. The id is made here: when the line breaks in between, the same dream told
 * again is the same row, not a second one.
 * @param {Record<string, string>} dream
 * @returns {Promise<string>} the job that makes it
 */
export async function tellDream(dream) {
  const as = JSON.stringify(dream);
  const again = unsure?.as === as;
  if (!unsure || !again) unsure = { as, id: uuid() };
  const { id } = unsure;
  try {
    await call('POST', 'dreams', { id, ...dream });
  } catch (error) {
    if (!(again && error instanceof Problem && error.code === 'id_taken')) throw error;
  }
  const { job_id } = await call('POST', `dreams/${id}/finish`);
  unsure = undefined;
  return job_id;
}
