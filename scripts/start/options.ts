import { parseArgs } from 'node:util';

const USAGE = `npm start                 runs Reverie on this machine until Ctrl-C
npm start -- --once       stops again when the sample dream's video is done
npm start -- --with-pod   runs the reference pod, too, and has it make subtitles for the sample's video; docs/pods.md

PORT, DATABASE_URL, REDIS_URL, S3_*, FFMPEG_PATH and REVERIE_DATA override what it would choose; docs/environment.md has the rest.`;

export function readOptions(args: string[]): { once: boolean; withPod: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        once: { type: 'boolean', default: false },
        'with-pod': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    return { once: values.once, withPod: values['with-pod'] };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
