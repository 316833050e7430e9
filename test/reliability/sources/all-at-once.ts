import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOf } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { startProduct } from '../../support/product.ts';
import { signedWebhook } from '../../support/signed-webhook.ts';
import { sourceTotals } from '../../support/source-totals.ts';
import { sqlOf } from '../../support/sql.ts';
import { startSqs } from '../../support/sqs.ts';
import { insertNamed, named, names, settled } from './ledger.ts';

export interface Burst {
  messages: number;
  rows: number;
  webhooks: number;
  /** How the API ends, one after the other, each time in the middle of messages. */
  ends: readonly NodeJS.Signals[];
  seconds: number;
}

/** Jobs from everywhere at once, while the API ends and comes back, and the queue is away in between. */
export async function allAtOnce({ messages, rows, webhooks, ends, seconds }: Burst) {
  await using sqs = await startSqs();
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const queue = await sqs.queue({ tries: 5 * ends.length + 5, hiddenSeconds: 1 });
  await using product = await startProduct({
    env: {
      ...sqs.env,
      JOB_SOURCES: 'sqs,webhook,postgres',
      AWS_SQS_QUEUE_URL: queue.url,
      WEBHOOK_SECRET: secret,
    },
  });
  const call = clientOf(product.url);
  const taken = async () => {
    const text = `select count(*)::int as n from jobs where idempotency_key like 'sqs:%'`;
    return (await sqlOf(product)<{ n: number }>(text))[0]!.n;
  };
  /** A sender as it should be: it comes again until it has been answered. */
  async function push(name: string): Promise<void> {
    const text = JSON.stringify(named(name));
    for (;;) {
      const headers = signedWebhook(secret, text, { id: name });
      const { status } = await call('POST', '/webhooks/jobs', text, headers).catch(() => ({ status: 0 }));
      if (status === 200 || status === 202) return;
      await sleep(50);
    }
  }

  const burst = Promise.all([
    queue.send(...names('message', messages).map(named)),
    insertNamed(product, rows),
    ...names('webhook', webhooks).map(push),
  ]);
  const ended: (number | string)[] = [];
  for (const signal of ends) {
    const before = await taken();
    await eventually('messages to be under way', async () => (await taken()) > before + 5);
    ended.push(await product.api.stop(signal));
    sqs.wire.become({ kind: 'cut' });
    await product.startApi();
    sqs.wire.heal();
  }
  await burst;
  const wanted = [...names('message', messages), ...names('row', rows), ...names('webhook', webhooks)];
  const seen = await settled(product, wanted.length, { seconds });
  await eventually('the queue to be empty', queue.isEmpty, { seconds });
  return {
    seen,
    wanted: wanted.toSorted(),
    ended,
    setAside: await queue.deadLetters(),
    /** Messages that came again after their commit, since the last API came up. */
    again: (await sourceTotals(call))['sqs known'] ?? 0,
  };
}
