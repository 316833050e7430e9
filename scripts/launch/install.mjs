import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from './lock.mjs';

const PNPM = 'pnpm@12.21.0';

/** Brings node_modules to what pnpm-lock.yaml says. Costs a hash when it is there already. */
export async function install(root) {
  const stamp = join(root, 'node_modules/.reverie-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isDone()) return;

  const unlock = await lock(join(root, '.reverie'), 'install');
  try {
    if (isDone()) return;
    process.stderr.write('Installing dependencies (about 20 s the first time) … ');
    const startedAt = Date.now();
    await pnpmInstall(root);
    writeFileSync(stamp, wanted);
    process.stderr.write(`done in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  } finally {
    unlock();
  }
}

function pnpmInstall(root) {
  const said = [];
  const pnpm = spawn('npx', ['-y', PNPM, 'install', '--frozen-lockfile'], {
    cwd: root,
    env: { ...process.env, CI: 'true' }, // it must not ask: nobody may be there to answer
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  pnpm.stdout.on('data', (chunk) => said.push(chunk));
  pnpm.stderr.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`installing with ${PNPM} failed (${why})\n${Buffer.concat(said)}`));
    pnpm.on('error', (error) => fail(error.message));
    pnpm.on('close', (code, signal) => (code === 0 ? resolve() : fail(signal ?? `code ${code}`)));
  });
}
