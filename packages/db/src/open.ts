import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  connections: number;
  onError(error: Error): void;
}

/** Opens a pool. A statement that waits longer than 5 s is given up: the caller gets 503 and tries again. */
export function openDatabase({ url, connections, onError }: DatabaseOptions) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'reverie-api',
  });
  // Without a listener, Postgres going away ends the process.
  pool.on('error', onError);
  return Object.assign(drizzle({ client: pool }), { close: () => pool.end() });
}

export type Database = ReturnType<typeof openDatabase>;
/** Inside a transaction; every verb takes one or the other. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Sql = Pick<Database, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;
