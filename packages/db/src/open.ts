import type { Socket } from 'node:net';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

/** How long a statement may take, unless somebody says otherwise. */
const STATEMENT_SECONDS = 5;
/** Beyond that, who has said nothing is gone; TCP would need a quarter of an hour. */
const GRACE_SECONDS = 3;
/** Nobody hears whether an idle connection still stands; they are let go before silence says anything. */
const IDLE_MS = 5_000;

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  connections: number;
  /** How long a statement may take. */
  seconds?: number;
  onError(error: Error): void;
}

/** Opens a pool. A statement that takes too long is given up: the caller gets 503 and tries again. */
export function openDatabase({ url, connections, seconds = STATEMENT_SECONDS, onError }: DatabaseOptions) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: seconds * 1_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'reverie-api',
  });
  // Without a listener, Postgres going away ends the process.
  pool.on('error', onError);
  pool.on('connect', (client) => endsWhenSilent(client, seconds));
  return Object.assign(drizzle({ client: pool }), { close: () => pool.end() });
}

/** Without it every query on a half-open connection waits without end, and with them the pool. */
export function endsWhenSilent(client: pg.ClientBase, seconds = STATEMENT_SECONDS): void {
  const { stream } = (client as pg.ClientBase & { connection: { stream: Socket } }).connection;
  stream.setTimeout((seconds + GRACE_SECONDS) * 1_000, () =>
    stream.destroy(new Error('Connection terminated: Postgres says nothing')),
  );
}

export type Database = ReturnType<typeof openDatabase>;
/** Inside a transaction; every verb takes one or the other. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Sql = Pick<Database, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;
