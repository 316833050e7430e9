import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { Inlet, Source } from './source.ts';
import { type SqsAccess, type SqsQueue, sqsQueue } from './sqs-queue.ts';
import { messageTaker, type Taker, type Taking } from './take-message.ts';

/** Messages that come soon after we were told to stop are given back; one that comes later nobody hears. */
const LAST_POLL_MS = 1_000;
/** So long after that, the queue is still told what has become of its messages. */
const LAST_WORD_MS = 3_000;
const LONGEST_PAUSE_MS = 10_000;

/** Queues of SQS: envelopes of jobs, and what buckets say of themselves. A message is deleted after the commit, never before. */
export const sqsSource =
  ({ queueUrls, ...access }: SqsAccess & { queueUrls: readonly string[] }, taking: Taking): Source =>
  async (inlet, stopping) => {
    const ends = { stopping, poll: after(stopping, LAST_POLL_MS), word: after(stopping, LAST_WORD_MS) };
    await Promise.all(
      queueUrls.map(async (url) => {
        const queue = sqsQueue(url, access);
        await follow({ inlet, queue, take: messageTaker(inlet, queue.name, taking), ...ends });
        queue.close();
      }),
    );
  };

interface Following {
  inlet: Inlet;
  queue: SqsQueue;
  take: Taker;
  /** Nothing more is begun. */
  stopping: AbortSignal;
  /** Nothing more is waited for. */
  poll: AbortSignal;
  /** Nothing more is said. */
  word: AbortSignal;
}

async function follow(at: Following): Promise<void> {
  const { inlet, queue, stopping } = at;
  let hiddenSeconds: number | undefined;
  for (let failures = 0; !stopping.aborted; ) {
    try {
      hiddenSeconds ??= await lookAt(at);
      // Whoever takes messages while the database is away spends the tries that the queue allows them.
      if (failures > 0) await inlet.db.execute('select 1');
      await takeAll(at, await queue.receive(hiddenSeconds, at.poll), hiddenSeconds);
      failures = 0;
    } catch (error) {
      if (stopping.aborted) return;
      failures++;
      const { name, message } = error as Error;
      inlet.log.warn(
        { queue: queue.name, failures, error: `${name}: ${message}` },
        'messages cannot be taken just now; it is tried again',
      );
      const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
      await sleep(pause, undefined, { signal: stopping }).catch(() => {});
    }
  }
}

/** Gives how long messages are hidden while we have them. */
async function lookAt({ inlet, queue, poll }: Following): Promise<number> {
  const seen = await queue.look(poll).catch((error: Error) => {
    if (!/AccessDenied/.test(error.name)) throw error;
    inlet.log.warn({ queue: queue.name }, 'sqs:GetQueueAttributes is not granted; 30 s of visibility are assumed');
    return { hiddenSeconds: 30, setsAside: true };
  });
  if (!seen.setsAside)
    inlet.log.warn(
      { queue: queue.name },
      'the queue has no redrive policy: what cannot be taken comes again until it is too old. Give it a dead-letter queue',
    );
  return Math.max(1, seen.hiddenSeconds);
}

/** One after the other; those that wait and the one that is at work stay hidden from others meanwhile. */
async function takeAll(at: Following, messages: readonly Message[], hiddenSeconds: number): Promise<void> {
  const { inlet, queue, take, stopping, word } = at;
  const open = new Set(messages);
  const done: Message[] = [];
  const heartbeat = setInterval(
    () => {
      queue.keep([...open], hiddenSeconds, word).catch((error: Error) => {
        inlet.log.warn({ queue: queue.name, error: error.message }, 'messages could not be kept; others may see them');
      });
    },
    (hiddenSeconds * 1_000) / 3,
  );
  try {
    for (const message of messages) {
      if (stopping.aborted) break;
      if (await take(message)) done.push(message);
      open.delete(message);
    }
  } finally {
    clearInterval(heartbeat);
    const told = await Promise.allSettled([
      queue.remove(done, word),
      stopping.aborted && queue.giveBack([...open], word),
    ]);
    for (const it of told) {
      // They come again, and are known then.
      const error = it.status === 'rejected' && (it.reason as Error).message;
      if (error) inlet.log.warn({ queue: queue.name, error }, 'the queue was not told what became of its messages');
    }
  }
}

/** Aborts so long after the other one has. */
function after(signal: AbortSignal, ms: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => later.abort(), ms).unref(), { once: true });
  return later.signal;
}
