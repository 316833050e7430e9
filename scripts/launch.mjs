// Plain JavaScript, for whatever Node the machine has: installs what is missing, then hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './launch/install.mjs';
import { whenNpmIsGone } from './launch/npm-gone.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules/.bin');
const ownMajor = Number(process.versions.node.split('.')[0]);
const [target, ...args] = process.argv.slice(2);

if (ownMajor < 20) giveUp(`this is Node ${process.version}; it takes 20 or newer to start. See https://nodejs.org`);
if (!target) giveUp('usage: node scripts/launch.mjs <script.ts | program> [arguments]');

install(root)
  .then(run)
  .catch((error) => giveUp(error.message));

function run() {
  const node = nodeToRunOn();
  const isScript = target.endsWith('.ts');
  const [command, ...first] = isScript ? [node, join(root, target)] : [join(bin, target)];
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    env: {
      // Compiled code is kept: a start takes two thirds of the time.
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
      ...process.env,
      PATH: `${bin}:${process.env.PATH ?? ''}`,
    },
    // A group of its own: Ctrl-C reaches us from the terminal and again from npm; the child shall get it from us, once.
    detached: true,
    // The channel tells a script, by 'disconnect', that we were killed.
    stdio: ['inherit', 'inherit', 'inherit', ...(isScript ? ['ipc'] : [])],
  });
  child.on('error', (error) => giveUp(`cannot run ${target}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  forwardSignals(child);
  whenNpmIsGone(() => child.kill('SIGTERM'));
}

function forwardSignals(child) {
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => {
      // One key press comes twice within milliseconds; nobody presses twice that fast.
      if (performance.now() - lastAt > 300) child.kill(signal);
      lastAt = performance.now();
    });
  }
}

function nodeToRunOn() {
  const pinned = join(bin, 'node');
  if (spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (ownMajor >= 24) return process.execPath;
  return giveUp(
    `no Node comes with the packages for ${process.platform}-${process.arch}, and yours is ${process.version}: ` +
      'install Node 24 or newer from https://nodejs.org',
  );
}

function giveUp(why) {
  console.error(`reverie: ${why}`);
  process.exit(1);
}
