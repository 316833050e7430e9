import { withEnvFile } from '@reverie/contracts';
import closeWithGrace from 'close-with-grace';
import { openPod } from './app.ts';
import { type Config, readConfig } from './config.ts';

const config = configOrExit();
const pod = await openPod(config);
await pod.listen({ host: config.host, port: config.port });

closeWithGrace({ delay: 5_000, logger: pod.log }, () => pod.close());

function configOrExit(): Config {
  try {
    return readConfig(withEnvFile(process.env));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
