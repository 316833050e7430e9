import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { bareS3AndSqs } from '../../packages/storage/src/fake-s3.ts';
import { startProxy } from '../reliability/support/proxy.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:';

/** A server that speaks SQS and S3, spoken to by the real SDKs, on a wire that can be cut. */
export async function startSqs() {
  let app = bareS3AndSqs({ logger: false });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const port = () => (app.server.address() as { port: number }).port;
  const wire = await startProxy({ name: 'sqs', targets: () => [port()] });
  const endpoint = `http://127.0.0.1:${wire.port}`;
  const access = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  // Tests look past the wire: what happens to it is the product's trouble.
  const direct = () => new SQSClient({ ...access, endpoint: `http://127.0.0.1:${port()}`, maxAttempts: 1 });
  let client = direct();

  return {
    wire,
    endpoint,
    access,
    /** What a product needs to be told to reach it. */
    env: { SQS_ENDPOINT: endpoint, S3_ACCESS_KEY_ID: 'test', S3_SECRET_ACCESS_KEY: 'test', SQS_WAIT_TIME: '1' },

    /** A queue of its own. With `tries`, what was received so often goes to a queue of dead letters. */
    async queue({
      name = `q${randomUUID().slice(0, 8)}`,
      tries,
      hiddenSeconds = 2,
    }: {
      name?: string;
      tries?: number;
      hiddenSeconds?: number;
    } = {}) {
      const dead = `dead-${name}`;
      if (tries !== undefined) await client.send(new CreateQueueCommand({ QueueName: dead }));
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: ARN + dead, maxReceiveCount: tries });
      const fifo = name.endsWith('.fifo');
      const make = new CreateQueueCommand({
        QueueName: name,
        Attributes: {
          VisibilityTimeout: String(hiddenSeconds),
          ...(tries !== undefined && { RedrivePolicy }),
          ...(fifo && { FifoQueue: 'true', ContentBasedDeduplication: 'true' }),
        },
      });
      const { QueueUrl: url } = (await client.send(make)) as { QueueUrl: string };
      const counts = async (QueueUrl: string) => {
        const { Attributes = {} } = await client.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        return {
          visible: Number(Attributes.ApproximateNumberOfMessages),
          hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
        };
      };
      return {
        url,
        name,
        /** Strings go as they are, everything else as JSON. Gives the messages' ids. */
        async send(...bodies: unknown[]): Promise<string[]> {
          const ids: string[] = [];
          for (let from = 0; from < bodies.length; from += 10) {
            const Entries = bodies.slice(from, from + 10).map((body, index) => ({
              Id: String(index),
              MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
              ...(fifo && { MessageGroupId: 'group' }),
            }));
            const { Successful = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
            ids.push(...Successful.map(({ MessageId }) => MessageId!));
          }
          return ids;
        },
        counts: () => counts(url),
        isEmpty: async () => {
          const { visible, hidden } = await counts(url);
          return visible + hidden === 0;
        },
        /** Takes one as another consumer would. */
        async receive() {
          const { Messages } = await client.send(
            new ReceiveMessageCommand({
              QueueUrl: url,
              WaitTimeSeconds: 0,
              MessageSystemAttributeNames: ['ApproximateReceiveCount'],
            }),
          );
          return Messages?.[0];
        },
        /** Reads what was set aside, and leaves nothing there. */
        async deadLetters(): Promise<string[]> {
          const QueueUrl = url.replace(name, dead);
          const bodies: string[] = [];
          for (;;) {
            const { Messages = [] } = await client.send(
              new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
            );
            if (Messages.length === 0) return bodies;
            for (const { Body, ReceiptHandle } of Messages) {
              bodies.push(Body!);
              await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
            }
          }
        },
      };
    },

    /** Another server at the same address, that knows nothing of what the first one had. */
    async startAnew() {
      await app.close();
      app = bareS3AndSqs({ logger: false });
      await app.listen({ host: '127.0.0.1', port: 0 });
      client.destroy();
      client = direct();
    },

    async [Symbol.asyncDispose]() {
      client.destroy();
      await wire[Symbol.asyncDispose]();
      await app.close();
    },
  };
}
