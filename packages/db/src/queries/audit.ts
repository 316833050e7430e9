import type { Sql } from '../open.ts';
import { audit } from '../schema/audit.ts';

/** Written before the deed, or in its transaction: what is done is never without its line here. */
export async function recordAudit(
  sql: Sql,
  line: { owner: string; action: string; details: Record<string, unknown> },
): Promise<void> {
  await sql.insert(audit).values(line);
}
