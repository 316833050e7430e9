import { envExample } from './env-example.ts';
import { environmentPage } from './environment-page.ts';
import { openapiDocument } from './openapi-document.ts';
import { pipelinesPage } from './pipelines-page.ts';

/** Every generated file with what it has to hold: read off schemas, tables and routes, so that it cannot be wrong. */
export const generated = async (): Promise<Record<string, string>> => ({
  '.env.example': envExample(),
  'docs/environment.md': environmentPage(),
  'docs/openapi.json': await openapiDocument(),
  'docs/pipelines.md': pipelinesPage(),
});
