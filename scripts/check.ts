import { spawn } from 'node:child_process';

/** `npm run check`: everything that can be said about the code without running it. The commands run side by side. */
const CHECKS: Record<string, [command: string, ...args: string[]]> = {
  types: ['tsc', '-p', '.'],
  'console types': ['tsc', '-p', 'apps/api/src/console'],
  'lint and format': ['biome', 'check', '--error-on-warnings'],
  'dead code': ['knip'],
  'import boundaries': ['vitest', 'run', 'test/architecture', '--reporter=dot'],
};

const results = await Promise.all(
  Object.entries(CHECKS).map(async ([name, [command, ...args]]) => {
    const { code, said } = await run(command, args);
    console.log(`${code === 0 ? '✓' : '✗'} ${name}${code === 0 ? '' : `\n${said}`}`);
    return code === 0;
  }),
);
process.exitCode = results.every(Boolean) ? 0 : 1;

function run(command: string, args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        said += data;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}
