import { withEnvFile } from '@reverie/contracts';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { openPod } from './app.ts';
import { type Config, readConfig } from './config.ts';

const config = configOrExit();
const log = pino({ level: config.logLevel, name: 'pod', redact: ['req.headers.authorization'] });
const pod = await openPod(config, log);
await pod.listen({ host: config.host, port: config.port });

closeWithGrace({ delay: 5_000, logger: log }, () => pod.close());

function configOrExit(): Config {
  try {
    return readConfig(withEnvFile(process.env));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
