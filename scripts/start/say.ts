import type { Environment } from '@reverie/contracts';
import { DATA } from './data.ts';

const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);
const line = (name: string, what: string) => console.log(`  ${name.padEnd(10)}${what}`);

/** All that `npm start` prints. */
export const say = {
  title: () => console.log(`\n${bold('Reverie')}, with its data in ${DATA}\n`),
  service: line,
  dream: (title: string) => console.log(`\nA sample dream: ${bold(title)}\n`),
  video(url: string, seconds: number) {
    console.log(`\n  done in ${seconds.toFixed(1)} s\n`);
    line('video', bold(url));
  },
  post: (key: string) => console.log(`\nSubtitles for ${bold(key)}, by the pod\n`),
  subtitles(vtt: string, master: string, note: unknown) {
    console.log(typeof note === 'string' ? `\n  ${note}\n` : '');
    line('subtitles', bold(vtt));
    line('HLS', bold(master));
  },
  where(api: string, settings: Environment, logs: readonly string[]) {
    if (settings.STORAGE_DIR) line('files', settings.STORAGE_DIR);
    line('API docs', `${api}/docs`);
    line('dashboard', `${api}/admin/queues`);
    line('console', `${api}/console`);
    line('logs', logs.map((name) => `${DATA}/${name}.log`).join(', '));
  },
  running: () => console.log('\nRunning. Ctrl-C stops everything.'),
  stopping: () => console.log('\nStopping.'),
  trouble: (error: Error) => console.error(`\nreverie: ${error.message}`),
};
