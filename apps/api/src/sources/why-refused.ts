import type { Problem } from '@reverie/contracts';
import { toProblem } from '../plugins/problems.ts';

/** What is wrong with what was brought itself. Whatever may pass, and whatever is our own mistake, is thrown on. */
export function whyRefused(error: unknown): Problem {
  const problem = toProblem(error instanceof Error ? error : new Error(String(error)));
  if (problem.status < 500) return problem;
  throw error;
}

/** In one sentence, for a log line and for a row. */
export function inOneSentence({ detail, errors = [] }: Problem): string {
  const told = errors.map(({ pointer, detail: wrong }) => `${pointer || 'the whole'} ${wrong}`).join('; ');
  return told ? `${detail} ${told}` : detail;
}
