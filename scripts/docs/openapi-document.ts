import { buildApp } from '../../apps/api/src/app.ts';
import { readConfig } from '../../apps/api/src/config.ts';

type Parts = Parameters<typeof buildApp>[0];

/** docs/openapi.json: what GET /openapi.json answers. The app is built, but neither listens nor meets a server. */
export async function openapiDocument(): Promise<string> {
  const config = readConfig({
    DATABASE_URL: 'postgres://localhost/reverie',
    REDIS_URL: 'redis://localhost:6379',
    REPORT_SECRET: `whsec_${'A'.repeat(32)}`,
    PUBLIC_URL: 'http://localhost:8000',
  });
  const parts: Partial<Parts> = { config, log: silent, queue: { queues: [] } as unknown as Parts['queue'] };
  const app = await buildApp(parts as Parts);
  try {
    await app.ready();
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

const nothing = () => {};
const silent = {
  level: 'silent',
  fatal: nothing,
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  silent: nothing,
  child: () => silent,
} as Parts['log'];
