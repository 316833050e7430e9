import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cleanup } from '../admin/cleanup.ts';
import { factoryReset } from '../admin/factory-reset.ts';
import { Stats, stats } from '../admin/stats.ts';
import { Refusal } from '../refusal.ts';
import type { Api } from './api.ts';
import { problemsOf } from './shapes.ts';

const Flag = z.stringbool().default(false);
const ServiceReset = z.object({ status: z.enum(['success', 'error']), data: z.record(z.string(), z.unknown()) });

/** Document 004's three routes for operators. What cannot be undone is written down before it is done. */
export const admin =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['admin'];
    const config = { scope: 'admin' as const };

    app.get(
      '/admin/stats',
      {
        config,
        schema: {
          tags,
          summary: 'How much there is, how it went, and what the settings are',
          response: { 200: Stats, ...problemsOf(401, 403, 503) },
        },
      },
      async () => stats(api),
    );

    app.post(
      '/admin/cleanup',
      {
        config,
        schema: {
          tags,
          summary: 'Remove jobs that ended long ago, with their files',
          description:
            'What a dream or a video shows stays until the dream or the video is deleted, and so does a job whose caller is still to be told. Interrupted or called twice at once, nothing is done twice.',
          querystring: z.object({
            max_age_hours: z.coerce.number().min(0).max(1_000_000).default(24).describe('Hours since they ended'),
            deep: Flag.describe('The logs in the database, too: deliveries, attempts, workers that are no more'),
            dry_run: Flag.describe('Only say what would go'),
          }),
          response: {
            200: z.object({
              message: z.string(),
              jobs_removed: z.int(),
              logs_cleaned: z.boolean(),
              files_removed: z.int(),
              bytes_freed: z.int(),
              dry_run: z.boolean(),
              more: z.boolean().describe('There is more to remove than one call has time for; call again'),
            }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { max_age_hours: maxAgeHours, deep, dry_run: dryRun } = request.query;
        const done = await cleanup(api, { maxAgeHours, deep, dryRun, owner: request.principal.owner });
        return {
          message: sayCleaned({ deep, dryRun, ...done }),
          jobs_removed: done.jobs,
          logs_cleaned: deep && !dryRun,
          files_removed: done.files,
          bytes_freed: done.bytes,
          dry_run: dryRun,
          more: done.more,
        };
      },
    );

    app.post(
      '/admin/factory-reset',
      {
        config,
        schema: {
          tags,
          summary: 'Remove every job, dream, video, upload and file. There is no way back',
          description:
            'Needs ALLOW_FACTORY_RESET=true. Kept are API keys, callback endpoints, lanes and the audit. The services of document 004 that are configured are told to reset themselves.',
          body: z.strictObject({
            confirm: z.literal('factory-reset'),
            force: z.boolean().default(false).describe('Stop what has not ended instead of refusing'),
          }),
          response: {
            200: z.object({
              message: z.string(),
              orchestrator: z.object({ jobs_removed: z.int(), logs_cleaned: z.boolean() }),
              microservices: z.record(z.string(), ServiceReset),
              warning: z.string(),
            }),
            ...problemsOf(400, 401, 403, 409, 413, 415, 422, 503),
          },
        },
        preValidation: async () => {
          if (!api.config.allowFactoryReset)
            throw new Refusal(403, 'not_allowed', 'A factory reset is off. Set ALLOW_FACTORY_RESET=true to allow it.');
        },
      },
      async (request) => {
        const { force } = request.body;
        const { jobs, microservices } = await factoryReset(api, { owner: request.principal.owner, force });
        const failed = Object.values(microservices).filter(({ status }) => status === 'error').length;
        return {
          message:
            failed === 0
              ? 'Factory reset of all services'
              : `Factory reset; ${failed} of the services did not reset themselves`,
          orchestrator: { jobs_removed: jobs, logs_cleaned: true },
          microservices,
          warning: 'All data of all services has been removed',
        };
      },
    );
  };

function sayCleaned(of: { deep: boolean; dryRun: boolean; jobs: number; files: number; more: boolean }): string {
  const what = `${of.jobs} jobs and ${of.files} files`;
  const said = of.dryRun ? `Would remove ${what}` : `Removed ${what}`;
  const logs = of.deep && !of.dryRun ? ', the delivery log, attempts and workers of that age' : '';
  return `${said}${logs}${of.more ? '; there is more, call again' : ''}`;
}
