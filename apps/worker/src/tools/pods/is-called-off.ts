import { Failure } from '@reverie/contracts';
import { LEASE_LOST } from '@reverie/queue';
import { SHUTDOWN } from '../../take.ts';

/**
 * Whether a pod is to stop because this attempt was stopped. When the worker goes, or another one has the task, the run
 * goes on and the next attempt finds it; every other word comes from the API: cancelled, out of time.
 */
export const isCalledOff = (reason: unknown): boolean =>
  reason instanceof Failure
    ? reason.code === 'stage_timeout'
    : typeof reason === 'string' && reason !== SHUTDOWN && reason !== LEASE_LOST;
