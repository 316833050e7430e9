import {
  ABILITIES,
  type Ability,
  Claim,
  ClaimRequest,
  FLEETS,
  type Fleet,
  PodGiven,
  PodRequest,
  Report,
  reportId,
  Verdict,
  WorkerSign,
} from '@reverie/contracts';
import { forgetWorker, seeAbilities, seeWorker } from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { claim } from '../jobs/claim.ts';
import { settle } from '../jobs/settle.ts';
import { takePodFor } from '../jobs/take-pod.ts';
import { verifier } from '../plugins/signed.ts';
import { Refusal } from '../refusal.ts';
import type { Api } from './api.ts';
import { IdParams, problemsOf, SignedHeaders } from './shapes.ts';

const STALE =
  'This attempt is not the current one: another worker has taken over, or the job has ended. Stop, and forget it.';

/** A video that was cut into fifty thousand segments names each of them. */
const LONGEST_REPORT_BYTES = 8 * 1024 * 1024;

/** What workers say. Every word is signed, and every word about a task carries its fence. */
export const reports =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const verify = verifier(api.config.reportSecrets);
    const signed = {
      config: { scope: 'signed' as const },
      preValidation: async (request: Parameters<typeof verify>[0]) => void verify(request),
    };
    const tags = ['workers'];

    app.post(
      '/reports/:id/claim',
      {
        ...signed,
        schema: {
          tags,
          summary: 'Take a task: the answer holds its input and the fence',
          params: IdParams,
          headers: SignedHeaders,
          body: ClaimRequest,
          response: { 200: Claim, ...problemsOf(401, 403, 409, 422, 503) },
        },
      },
      async (request) => {
        const claimed = await claim(api, request.params.id, request.body);
        if (!claimed) throw new Refusal(409, 'stale', 'There is nothing to do for this task (any more).');
        return claimed;
      },
    );

    app.post(
      '/reports/:id',
      {
        ...signed,
        bodyLimit: LONGEST_REPORT_BYTES,
        schema: {
          tags,
          summary: 'Say how a task ended',
          description: 'The `webhook-id` is `<task>.<attempt>.<status>`; the same report again gets its answer again.',
          params: IdParams,
          headers: SignedHeaders,
          body: Report,
          response: { 200: Verdict, ...problemsOf(401, 403, 409, 422, 503) },
        },
      },
      async (request) => {
        const at = reportId.parse(request.headers['webhook-id']);
        if (at?.taskId !== request.params.id) throw new Refusal(409, 'stale', STALE);
        const verdict = await settle(api, at, request.body);
        if (verdict.verdict === 'stale') throw new Refusal(409, 'stale', STALE);
        return verdict;
      },
    );

    app.post(
      '/reports/:id/pod',
      {
        ...signed,
        schema: {
          tags,
          summary: 'Take a pod: one task at each, whichever worker has it',
          params: IdParams,
          headers: SignedHeaders,
          body: PodRequest,
          response: { 200: PodGiven, ...problemsOf(401, 403, 409, 422, 503) },
        },
      },
      async (request) => {
        const { attempt, pods } = request.body;
        const given = await takePodFor(api, { taskId: request.params.id, attempt }, pods);
        if (!given) throw new Refusal(409, 'stale', STALE);
        return given;
      },
    );

    app.post(
      '/reports/workers',
      {
        ...signed,
        schema: {
          tags,
          summary: 'A sign of life: which fleets a worker serves, and with how many slots',
          headers: SignedHeaders,
          body: WorkerSign,
          response: { 200: z.object({}), ...problemsOf(401, 403, 422, 503) },
        },
      },
      async (request) => {
        const { worker, fleets, stopping, abilities } = request.body;
        if (stopping) await forgetWorker(api.reports, worker);
        else await seeWorker(api.reports, worker, fleets.filter(isFleet));
        await seeAbilities(api.reports, abilities.filter(isAbility));
        api.wake(); // the window has another width now
        return {};
      },
    );
  };

const isAbility = (name: string): name is Ability => name in ABILITIES;

const isFleet = <T extends { fleet: string }>(sign: T): sign is T & { fleet: Fleet } =>
  (FLEETS as readonly string[]).includes(sign.fleet);
