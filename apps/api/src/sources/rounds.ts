import type { Channel } from '@reverie/db';
import { coalesced } from '../jobs/dispatch.ts';
import type { Inlet } from './source.ts';

/** Words can be missed, and what a setting or a worker had held back may be possible now. */
const SWEEP_MS = 10_000;

/** Makes a round whenever a commit speaks on the channel, and now and then; the round that is under way is finished first. */
export async function inRounds(
  { log, words }: Pick<Inlet, 'log' | 'words'>,
  { channel, what }: { channel: Channel; what: string },
  round: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const rounds = coalesced(round, (error) =>
    log.warn({ error: error.message }, `${what} could not be looked at; it is tried again`),
  );
  const deaf = words.on(channel, rounds.ask);
  const sweep = setInterval(rounds.ask, SWEEP_MS * (0.75 + Math.random() / 2));
  rounds.ask();
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  clearInterval(sweep);
  deaf();
  await rounds.idle();
}
