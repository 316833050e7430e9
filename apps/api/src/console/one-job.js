const ENDS = /** @type {const} */ (['queued', 'completed', 'failed', 'cancelled']);

/** Caption jobs have document 004's three stages under `stages`, the list elsewhere, and words of their own for `processing`. @param {import('./types.d.ts').ShownJob} answer @returns {import('./types.d.ts').Job} */
export const jobOf = (answer) =>
  'stage_list' in answer
    ? { ...answer, stages: answer.stage_list, status: ENDS.find((end) => end === answer.status) ?? 'processing' }
    : answer;
