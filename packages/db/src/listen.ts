import pg from 'pg';
import { endsWhenSilent } from './open.ts';

export type Channel = 'reverie_waiting' | 'reverie_events' | 'reverie_deliveries' | 'reverie_posts' | 'reverie_rows';

/** Often enough that the line is not taken for dead, and if it is dead that is noticed. */
const PULSE_MS = 3_000;

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
      endsWhenSilent(next);
      for (const channel of channels) await next.query(`listen ${channel}`);
      const pulse = setInterval(() => next.query('select 1').catch(() => {}), PULSE_MS);
      next.once('end', () => clearInterval(pulse));
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
