import { sayAndExit, withEnvFile } from '@reverie/contracts';
import closeWithGrace from 'close-with-grace';
import { openPod } from './app.ts';
import { readConfig } from './config.ts';

const config = sayAndExit(() => readConfig(withEnvFile(process.env)));
const pod = await openPod(config);
await pod.listen({ host: config.host, port: config.port });

closeWithGrace({ delay: 5_000, logger: pod.log }, () => pod.close());
