import { ABILITIES } from '@reverie/contracts';
import { knownAbilities, type Sql } from '@reverie/db';
import type { Pipeline } from '@reverie/pipelines';
import { Refusal } from '../refusal.ts';
import type { House } from './house.ts';

/**
 * What the input asks for and nobody here can do: a job that could only fail is refused with the setting to look at; where
 * the rest is worth having, the stages are named that will be left out.
 */
export async function whatCannotBeDone(
  sql: Sql,
  pipeline: Pipeline,
  input: Record<string, unknown>,
  { abilities }: House,
): Promise<Record<string, string> | null> {
  const wanted = (pipeline.requires?.(input) ?? []).filter(({ ability }) => !abilities.includes(ability));
  if (wanted.length === 0) return null;
  const known = await knownAbilities(sql);
  const missing = wanted.filter(({ ability }) => !known.includes(ability));
  const fatal = missing.filter(({ leaveOut }) => leaveOut === undefined);
  if (fatal.length > 0) {
    const errors = fatal.map(({ ability, field }) => ({ pointer: `/input/${field}`, detail: ABILITIES[ability] }));
    const what = fatal.map(({ ability }) => `${ability} (${ABILITIES[ability]})`).join('; ');
    throw new Refusal(422, 'not_configured', `This installation cannot do what is asked for: ${what}.`, errors);
  }
  const without = missing.flatMap(({ ability, leaveOut = [] }) =>
    leaveOut.map((stage) => [stage, `not configured: ${ABILITIES[ability]}`]),
  );
  return without.length > 0 ? Object.fromEntries(without) : null;
}
