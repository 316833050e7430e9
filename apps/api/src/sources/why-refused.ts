import type { Problem } from '@reverie/contracts';
import { toProblem } from '../plugins/problems.ts';

/** What is wrong with what was brought itself. Undefined for whatever may pass, and for what is our own mistake. */
export function whyRefused(error: unknown): Problem | undefined {
  const problem = toProblem(error instanceof Error ? error : new Error(String(error)));
  return problem.status < 500 ? problem : undefined;
}

/** In one sentence, for a log line and for a row. */
export function inOneSentence({ detail, errors = [] }: Problem): string {
  const told = errors.map(({ pointer, detail: wrong }) => `${pointer || 'the whole'} ${wrong}`).join('; ');
  return told ? `${detail} ${told}` : detail;
}
