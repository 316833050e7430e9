import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

export interface SqsAccess {
  endpoint?: string | undefined;
  region: string;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  maxMessages: number;
  waitSeconds: number;
}

/** One queue of SQS, with what a source does to it. */
export type SqsQueue = ReturnType<typeof sqsQueue>;

/** Who says nothing for so long, beyond a wait that was asked for, is away. */
const SILENT_MS = 10_000;

export function sqsQueue(url: string, access: SqsAccess) {
  const { accessKeyId, secretAccessKey, endpoint, maxMessages, waitSeconds } = access;
  const client = new SQSClient({
    region: regionIn(url) ?? access.region,
    ...(endpoint && { endpoint }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: SILENT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const QueueUrl = url;

  async function changeVisibility(messages: readonly Message[], seconds: number, abortSignal: AbortSignal) {
    const Entries = entries(messages, { VisibilityTimeout: seconds });
    if (Entries.length > 0)
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }), { abortSignal });
  }

  return {
    name: new URL(url).pathname.split('/').at(-1)!,

    /** What the queue says of itself. */
    async look(abortSignal: AbortSignal): Promise<{ hiddenSeconds: number; setsAside: boolean }> {
      const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout', 'RedrivePolicy'] });
      const { Attributes = {} } = await client.send(ask, { abortSignal });
      return {
        hiddenSeconds: Number(Attributes.VisibilityTimeout ?? 30),
        setsAside: Boolean(Attributes.RedrivePolicy),
      };
    },

    /** What there is, or what comes within the wait. Nobody else sees it for so long. */
    async receive(hiddenSeconds: number, abortSignal: AbortSignal): Promise<Message[]> {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: maxMessages,
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: hiddenSeconds,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
        { abortSignal, requestTimeout: waitSeconds * 1_000 + SILENT_MS },
      );
      return Messages;
    },

    /** Keeps them hidden for so long from now on. */
    keep: changeVisibility,

    /** Anybody may have them, at once. */
    giveBack: (messages: readonly Message[], abortSignal: AbortSignal) => changeVisibility(messages, 0, abortSignal),

    /** They are not needed any more. Gives the ids of those that are still there. */
    async remove(messages: readonly Message[], abortSignal: AbortSignal): Promise<string[]> {
      if (messages.length === 0) return [];
      const { Failed = [] } = await client.send(
        new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(messages, {}) }),
        { abortSignal },
      );
      return Failed.map(({ Id }) => messages[Number(Id)]!.MessageId!);
    },

    close: () => client.destroy(),
  };
}

const entries = <T extends object>(messages: readonly Message[], more: T) =>
  messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, ...more }));

/** A queue of AWS says where it is; requests are signed for there. */
const regionIn = (url: string) => /^sqs\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1];
