import { STATUS_CODES } from 'node:http';
import { FAILURES, Failure } from '@reverie/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

interface Told {
  status: number;
  code: string;
  detail: string;
}

/** Everything that goes wrong is told as JSON, with a sentence that says what to do. */
export function problems(app: FastifyInstance): void {
  app.setErrorHandler((error: Error, request, reply) => {
    const told = toldOf(error);
    if (told.status >= 500) request.log.error({ err: error }, told.detail);
    return reply.code(told.status).type(TYPE).serializer(JSON.stringify).send(problem(told));
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `There is nothing at ${request.method} ${request.url}; there are POST /run, GET and DELETE /run/:id, GET /health.`;
    const told = { status: 404, code: 'not_found', detail };
    return reply.code(404).type(TYPE).serializer(JSON.stringify).send(problem(told));
  });
}

const TYPE = 'application/problem+json; charset=utf-8';

const problem = ({ status, code, detail, ...more }: Told) => ({
  type: `urn:reverie:problem:${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  ...{ status, code, detail, ...more },
});

function toldOf(error: Error & { statusCode?: number }): Told {
  if (error instanceof Refusal) {
    return { ...error.more, status: error.status, code: error.code, detail: error.message };
  }
  if (error instanceof Failure) return { status: FAILURES[error.code].http, code: error.code, detail: error.message };
  if (error instanceof z.ZodError) {
    return { status: 422, code: 'invalid_request', detail: `The body does not fit: ${z.prettifyError(error)}` };
  }
  const { statusCode = 500, message } = error;
  if (statusCode < 500) return { status: statusCode, code: 'bad_request', detail: message };
  const detail = 'Something went wrong in the pod; its log has it. Sending the run again is safe.';
  return { status: 500, code: 'internal', detail };
}
