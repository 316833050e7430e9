import { withClient } from './database.ts';
import type { Product } from './product.ts';

interface StoredTask {
  id: string;
  stage: string;
  part: number;
  status: string;
  attempt: number;
  failures: number;
  crashes: number;
}

/** A job's tasks as the database has them, by stage and part. */
export const tasksOf = (product: Product, jobId: string): Promise<StoredTask[]> =>
  withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query('select * from tasks where job_id = $1 order by created_at, stage, part', [
      jobId,
    ]);
    return rows;
  });

export const taskOf = async (product: Product, jobId: string, stage: string): Promise<StoredTask> =>
  (await tasksOf(product, jobId)).find((task) => task.stage === stage && task.part === 0)!;
