/** Caption jobs have document 004's three stages under `stages`, and the list elsewhere. @param {import('./types.d.ts').ShownJob} answer @returns {import('./types.d.ts').Job} */
export const jobOf = (answer) => ('stage_list' in answer ? { ...answer, stages: answer.stage_list } : answer);
