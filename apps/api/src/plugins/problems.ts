import { STATUS_CODES } from 'node:http';
import { FAILURES, Failure, type Problem } from '@reverie/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Refusal } from '../refusal.ts';
import { databaseRefusal } from './database-errors.ts';
import { methodsFor } from './methods.ts';

/** Every error leaves as RFC 9457, and none of them as a stack trace. */
export function problems(app: FastifyInstance): void {
  const methods = methodsFor(app);
  app.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error as FastifyError);
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
    return send(request, reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.allowedAt(request.url.split('?')[0]!);
    if (allowed.length === 0) {
      return send(
        request,
        reply,
        problem(404, 'not_found', `There is nothing at ${request.method} ${request.url.split('?')[0]}. See /docs.`),
      );
    }
    reply.header('allow', allowed.join(', '));
    return send(
      request,
      reply,
      problem(405, 'method_not_allowed', `${request.method} is not for this address; it takes ${allowed.join(', ')}.`),
    );
  });
}

/** For what goes wrong before there is a route, such as an address that cannot be decoded. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: FastifyError) =>
  send(request, reply, toProblem(error));

function send(request: FastifyRequest, reply: FastifyReply, body: Problem) {
  if (body.status === 503) reply.header('retry-after', '5');
  return reply
    .code(body.status)
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ ...body, instance: request.url.split('?')[0]! });
}

const problem = (status: number, code: string, detail: string, errors?: Problem['errors']): Problem => ({
  type: `urn:reverie:problem:${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail,
  code,
  ...(errors && { errors }),
});

/** What an error means to a caller. */
export function toProblem(error: Error & { code?: string; statusCode?: number }): Problem {
  if (error instanceof Refusal) return problem(error.status, error.code, error.message, error.errors);
  if (error instanceof Failure) return problem(FAILURES[error.code].http, error.code, error.message);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where =
      { body: '', querystring: '/query', params: '/path', headers: '/headers' }[String(error.validationContext)] ?? '';
    const errors = error.validation.flatMap(({ instancePath, message, params }) => {
      const unknown = (params as { keys?: string[] }).keys ?? [''];
      const at = where + instancePath.replace(/\/$/, ''); // the whole document is '', not '/'
      return unknown.map((key) => ({
        pointer: `${at}${key && `/${key}`}`,
        detail: key ? 'there is no such field' : (message ?? 'is not valid'),
      }));
    });
    return problem(
      where === '/path' ? 404 : 422,
      where === '/path' ? 'not_found' : 'invalid_request',
      'The request does not fit; see errors.',
      errors,
    );
  }
  const away = databaseRefusal(error);
  if (away) return problem(away.status, away.code, away.message);
  const known = BY_FASTIFY[error.code ?? ''];
  if (known) return problem(...known);
  if (error.statusCode && error.statusCode < 500) return problem(error.statusCode, 'bad_request', error.message);
  return problem(500, 'internal', 'Something went wrong on our side; it has been logged. Trying again is safe.');
}

/** What Fastify finds wrong before a route is reached. */
const BY_FASTIFY: Record<string, [number, string, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'body_too_large',
    'The body is larger than this address takes. Upload files, do not send them inline.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported_media_type', 'Send JSON, with content-type: application/json.'],
  FST_ERR_BAD_URL: [400, 'bad_url', 'The address cannot be decoded: a % must be followed by two hexadecimal digits.'],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'malformed_json', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    'bad_content_length',
    'The body is not as long as its content-length says.',
  ],
};
