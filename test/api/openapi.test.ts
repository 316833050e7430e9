import { expect, test } from 'vitest';
import { productOfFile } from '../support/product-of-file.ts';

const { call } = await productOfFile();

interface Operation {
  requestBody?: { required?: boolean };
  responses: Record<string, unknown>;
  parameters?: { name: string; in: string }[];
}

test('F1: the document says which bodies may be missing, what is wrong with one, and names every parameter', async () => {
  const { body } = await call<{ paths: Record<string, Record<string, Operation>> }>('GET', '/openapi.json');
  const post = (path: string) => body.paths[path]!.post!;
  for (const path of ['/dreams/{id}/finish', '/jobs/{id}/retry']) expect(post(path).requestBody?.required).toBe(false);
  expect(post('/dreams').requestBody?.required).toBe(true);

  const operations = Object.values(body.paths).flatMap((of) => Object.values(of));
  for (const { requestBody, responses } of operations.filter((it) => it.requestBody))
    expect([requestBody, Object.keys(responses)]).toEqual([requestBody, expect.arrayContaining(['400', '413', '415'])]);

  expect(Object.keys(body.paths).filter((path) => path.includes('*'))).toEqual([]);
  for (const operation of Object.values(body.paths['/artifacts/{key}']!))
    expect(operation.parameters).toContainEqual(expect.objectContaining({ name: 'key', in: 'path' }));
  expect(JSON.stringify(body)).not.toContain('x-optional-body');
});
