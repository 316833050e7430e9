import pg from 'pg';

export type Channel = 'reverie_waiting' | 'reverie_events' | 'reverie_deliveries';

/**
 * Hears what transactions say when they commit, on a connection of its own that comes back by itself.
 * `onHear` with no payload means: connected anew, look at everything, words may have been missed.
 */
export function listen(
  url: string,
  channels: readonly Channel[],
  onHear: (channel: Channel, payload?: string) => void,
): { close(): Promise<void> } {
  let closed = false;
  let client: pg.Client | undefined;
  let again: NodeJS.Timeout | undefined;

  async function connect() {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: 'reverie-listen',
    });
    client = next;
    next.on('error', () => {}); // 'end' follows
    next.once('end', retry);
    next.on('notification', ({ channel, payload }) => onHear(channel as Channel, payload));
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${channel}`);
      for (const channel of channels) onHear(channel);
    } catch {
      await next.end().catch(() => {});
      retry();
    }
  }
  function retry() {
    if (closed) return;
    clearTimeout(again);
    again = setTimeout(connect, 500);
  }
  void connect();

  return {
    async close() {
      closed = true;
      clearTimeout(again);
      await client?.end().catch(() => {});
    },
  };
}
