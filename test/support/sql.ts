import { withClient } from './database.ts';

/** Asks a product's database, as another program would. */
export const sqlOf =
  ({ databaseUrl }: { databaseUrl: string }) =>
  <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    withClient(databaseUrl, async (client) => (await client.query<T>(text, values)).rows);
