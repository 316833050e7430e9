import { eventually } from '../../support/eventually.ts';
import type { Product } from '../../support/product.ts';
import { sqlOf } from '../../support/sql.ts';

/** A job that names itself, to be found again however it came. */
export const named = (name: string) => ({ pipeline: 'selftest', input: {}, metadata: { name } });
export const names = (of: string, many: number): string[] => Array.from({ length: many }, (_, n) => `${of} ${n}`);

/** Rows as another program writes them: all at once, in one statement. */
export const insertNamed = (product: Product, many: number) =>
  sqlOf(product)(
    `insert into jobs (pipeline, input, metadata) select 'selftest', '{}', jsonb_build_object('name', 'row ' || n)
     from generate_series(0, $1::int - 1) n`,
    [many],
  );

/** The names of jobs that came in once: a name that stands twice has two jobs. `undone`: jobs that nobody let in, or twice. */
export async function ledger(product: Product): Promise<{ seen: string[]; undone: number }> {
  const rows = await sqlOf(product)<{ name: string; once: boolean }>(`
    select metadata ->> 'name' as name,
      admitted and exists (select from tasks t where t.job_id = j.id)
        and (select count(*) from events e where e.job_id = j.id and e.type = 'job.queued') = 1 as once
    from jobs j`);
  const seen = rows.filter(({ once }) => once).map(({ name }) => name);
  return { seen: seen.toSorted(), undone: rows.length - seen.length };
}

/** Waits until as many jobs are there as were wanted, and gives their names. */
export const settled = (product: Product, wanted: number, how: { seconds?: number } = {}): Promise<string[]> =>
  eventually(
    'every job to be there',
    async () => {
      const { seen, undone } = await ledger(product);
      return undone === 0 && seen.length >= wanted && seen;
    },
    how,
  );
