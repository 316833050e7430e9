import { type Job, type Sql, tasksOf } from '@reverie/db';
import { captions } from '@reverie/pipelines';
import { z } from 'zod';
import type { Api } from './api.ts';
import { CaptionsJob, captionsView } from './captions-view.ts';
import { PlainJob, plainView } from './plain-view.ts';

/** A job as every route shows it: caption jobs in document 004's words as well. */
export const JobView = z.union([CaptionsJob, PlainJob]);

export async function viewOf(api: Api, sql: Sql, job: Job): Promise<z.infer<typeof JobView>> {
  const tasks = await tasksOf(sql, [job.id]);
  const plain = await plainView(api, sql, { job, tasks });
  return job.pipeline === captions.name ? captionsView(api, plain, { job, tasks }) : plain;
}
