import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { ZodType } from 'zod';

/** What goes wrong with a body before its route is reached. */
const BODY_PROBLEMS = ['400', '413', '415'];
/** Left by `transform` for `transformObject`, as one knows the schema and the other what became of it. */
const OPTIONAL_BODY = 'x-optional-body';

interface Operation {
  requestBody?: { required?: boolean; content: Record<string, unknown> };
  responses: Record<string, unknown>;
  parameters?: { name: string; in: string }[];
  [OPTIONAL_BODY]?: boolean;
}

/** Routes as they are: @fastify/swagger takes every body for required, which some of ours are not. */
export const transform: typeof jsonSchemaTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const body = document.schema?.body as ZodType | undefined;
  const mayBeMissing = body?.safeParse(undefined).success;
  return { schema: mayBeMissing ? ({ ...schema, [OPTIONAL_BODY]: true } as typeof schema) : schema, url };
};

export const transformObject: typeof jsonSchemaTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document);
  const paths = Object.entries((whole.paths ?? {}) as Record<string, Record<string, Operation>>);
  for (const [, operations] of paths) for (const operation of Object.values(operations)) mend(operation);
  // A wildcard has no name of its own in Fastify, and `*` is none for a client.
  return Object.assign(whole, {
    paths: Object.fromEntries(paths.map(([path, of]) => [path.replace('{*}', '{key}'), of])),
  });
};

function mend(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) if (parameter.name === '*') parameter.name = 'key';
  if (!operation.requestBody) return;
  if (operation[OPTIONAL_BODY]) operation.requestBody.required = false;
  delete operation[OPTIONAL_BODY];
  // All problems have one shape: that of any other this operation has.
  const problem = operation.responses['422'] ?? operation.responses['401'];
  for (const status of BODY_PROBLEMS) if (problem) operation.responses[status] ??= structuredClone(problem);
}
