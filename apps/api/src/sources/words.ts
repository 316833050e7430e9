import { type Channel, listen } from '@reverie/db';

/** What commits say of rows that sources look at: one connection hears it for all of them. */
export interface Words {
  /** Until the function that comes back is called. */
  on(channel: Channel, told: () => void): () => void;
}

export function hearWords(databaseUrl: string, channels: readonly Channel[]): Words & { close(): Promise<void> } {
  const listeners = new Set<{ channel: Channel; told: () => void }>();
  const ear = listen(databaseUrl, channels, (heard) => {
    for (const { channel, told } of listeners) if (channel === heard) told();
  });
  return {
    on(channel, told) {
      const listener = { channel, told };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => ear.close(),
  };
}
