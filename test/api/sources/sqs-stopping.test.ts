import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase } from '@reverie/db';
import { privateHosts } from '@reverie/net';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Inlet } from '../../../apps/api/src/sources/source.ts';
import { sqsSource } from '../../../apps/api/src/sources/sqs.ts';
import { makeTally } from '../../../apps/api/src/sources/tally.ts';
import { stubQueue } from '../../reliability/model/stub-queue.ts';
import { freshDatabase, withClient } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { inProcessLife } from '../../support/in-process-life.ts';
import { startSqs } from '../../support/sqs.ts';

const sqs = await startSqs();
const databaseUrl = await freshDatabase();
const db = openDatabase({ url: databaseUrl, connections: 3, onError: () => {} });
afterAll(async () => {
  await db.close();
  await sqs[Symbol.asyncDispose]();
});

/** The source alone, in this process. `stop` gives how long that took. */
function follow(queueUrl: string, { endpoint = sqs.endpoint, waitSeconds = 20 } = {}) {
  const life = inProcessLife(db, { queue: stubQueue().producer, subjects: {} });
  const inlet = { ...life, tally: makeTally() } as Inlet;
  const access = {
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'a',
    secretAccessKey: 'b',
    maxMessages: 10,
    waitSeconds,
  };
  const source = sqsSource(
    { ...access, queueUrls: [queueUrl] },
    { owner: 'ann', bucket: undefined, privateHosts: privateHosts('') },
  );
  const leaving = new AbortController();
  const running = source(inlet, leaving.signal);
  return {
    async stop(): Promise<number> {
      const from = performance.now();
      leaving.abort();
      await running;
      return performance.now() - from;
    },
  };
}
const message = { pipeline: 'selftest', input: {} };

/** A source that has emptied its queue, and waits for more. */
async function polling(queue: Awaited<ReturnType<typeof sqs.queue>>) {
  await queue.send(message);
  const source = follow(queue.url);
  await eventually('the queue to be empty', queue.isEmpty);
  return source;
}

describe('stopping leaves nothing half-taken', () => {
  test('what was begun is finished and deleted, what was not is there for others at once', async () => {
    const queue = await sqs.queue({ hiddenSeconds: 600 });
    await withClient(databaseUrl, async (client) => {
      await client.query('begin; lock table jobs in exclusive mode');
      await queue.send(...Array.from({ length: 10 }, () => message));
      const source = follow(queue.url);
      await eventually('all to be taken and one to be begun', async () => {
        const { rows } = await client.query(`select from pg_locks where not granted and relation = 'jobs'::regclass`);
        return rows.length > 0 && (await queue.counts()).hidden === 10;
      });
      const stopped = source.stop();
      await client.query('commit');
      expect(await stopped).toBeLessThan(1_000);
      expect(await queue.counts()).toEqual({ visible: 9, hidden: 0 });
      expect((await client.query('select count(*)::int as n from jobs')).rows).toEqual([{ n: 1 }]);
    });
  });

  test('a poll that has nothing to wait for is given up', async () => {
    const queue = await sqs.queue();
    const source = await polling(queue);
    expect(await source.stop()).toBeLessThan(2_000);
  });

  test('messages that come while it stops are given back', async () => {
    const queue = await sqs.queue({ hiddenSeconds: 600 });
    const source = await polling(queue);
    const stopped = source.stop();
    await queue.send(message);
    await stopped;
    const given = await queue.receive();
    expect(given?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });
});

describe('an SQS that does not answer', () => {
  /** Answers what it is told to, and otherwise nothing at all. */
  async function mute(answers: (action: string) => object | undefined = () => undefined) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const action = String(request.headers['x-amz-target']).split('.')[1]!;
      asked.push(action);
      const answer = answers(action);
      request.resume();
      if (answer)
        request.on('end', () =>
          response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer)),
        );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { asked, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }
  const url = 'http://127.0.0.1/0/mute';

  test('keeps nobody from stopping, whatever it was asked last, and what it did not hear is known', async () => {
    const silent = await mute();
    const first = follow(url, silent);
    await eventually('it to be asked', async () => silent.asked.length > 0);
    expect(await first.stop()).toBeLessThan(2_000);

    const forgetful = await mute(oneMessage());
    const second = follow(url, forgetful);
    await eventually('it to be told of the commit', async () => forgetful.asked.includes('DeleteMessageBatch'));
    expect(await second.stop()).toBeLessThan(4_500);

    // Somebody else gets it again: it was committed, and nobody heard that it was.
    const heard = await mute(oneMessage({ DeleteMessageBatch: { Successful: [{ Id: '0' }] } }));
    const third = follow(url, heard);
    await eventually('it to be told of the commit again', async () => heard.asked.includes('DeleteMessageBatch'));
    await third.stop();
    const jobs = await withClient(databaseUrl, (client) =>
      client.query(`select count(*)::int as n from jobs where idempotency_key = 'sqs:m'`),
    );
    expect(jobs.rows).toEqual([{ n: 1 }]);
  });

  /** A queue with one message; what it does not know an answer to it does not answer. */
  function oneMessage(more: Record<string, object> = {}) {
    const Body = JSON.stringify(message);
    const MD5OfBody = createHash('md5').update(Body).digest('hex');
    const received = { Messages: [{ MessageId: 'm', ReceiptHandle: 'r', Body, MD5OfBody }] };
    const answers: Record<string, object> = {
      GetQueueAttributes: { Attributes: { VisibilityTimeout: '30' } },
      ReceiveMessage: received,
      ...more,
    };
    return (action: string) => {
      const answer = answers[action];
      if (action === 'ReceiveMessage') delete answers[action];
      return answer;
    };
  }
});
