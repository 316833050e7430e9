import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@reverie/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteCommand, Tail, withoutSignatures } from './command-trace.ts';
import { run } from './run.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'run-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));
const never = new AbortController().signal;

const alive = (pid: number) => {
  try {
    // Where nobody is there to bury it, a dead process still has its number.
    if (process.platform === 'linux' && /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const pidIn = async (file: string): Promise<number> => {
  for (let i = 0; i < 100; i++) {
    const text = existsSync(join(cwd, file)) ? await readFile(join(cwd, file), 'utf8') : '';
    if (text.trim()) return Number(text);
    await sleep(20);
  }
  throw new Error(`nobody wrote ${file}`);
};

describe('a command', () => {
  test('that ends well gives its trace, and its lines one by one', async () => {
    const lines: string[] = [];
    const trace = await run('sh', ['-c', 'echo one; printf "two\\rthree"; echo said >&2'], {
      cwd,
      signal: never,
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(trace).toEqual({ command: `sh -c 'echo one; printf "two\\rthree"; echo said >&2'`, log: 'said' });
  });

  test('that fails says how, with the command to paste and the end of its log', async () => {
    const failed = await run('sh', ['-c', 'seq 200 >&2; exit 3'], { cwd, signal: never }).catch((error) => error);
    expect(failed).toBeInstanceOf(Failure);
    expect(failed).toMatchObject({ code: 'ffmpeg_failed', message: 'sh ended with 3' });
    expect(failed.trace.command).toBe("sh -c 'seq 200 >&2; exit 3'");
    expect(failed.trace.log.split('\n')).toHaveLength(60);
    expect(failed.trace.log).toMatch(/\n200$/);
  });

  test.each([
    ['/nowhere/ffmpeg', /set FFMPEG_PATH/],
    ['/nowhere/ffprobe', /set FFPROBE_PATH/],
    ['no-such-program', /put it on the PATH/],
  ])('that is not there (%s) says what to install', async (command, told) => {
    const failed = await run(command, [], { cwd, signal: never }).catch((error) => error);
    expect(failed).toMatchObject({ code: 'tool_missing', message: expect.stringMatching(told) });
  });

  test('that runs out of disk is waited for, not charged', async () => {
    const full = run('sh', ['-c', 'echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1'], {
      cwd,
      signal: never,
    });
    await expect(full).rejects.toMatchObject({ code: 'disk_full' });
  });

  test('knows none of our secrets', async () => {
    process.env.TOKEN_FOR_A_TEST = 'secret';
    const lines: string[] = [];
    await run('env', [], { cwd, signal: never, onLine: (line) => lines.push(line.split('=')[0]!) });
    delete process.env.TOKEN_FOR_A_TEST;
    expect(lines.filter((name) => !['PATH', 'HOME', 'LANG', 'GCONV_PATH'].includes(name))).toEqual([]);
  });
});

describe('being asked to stop', () => {
  test.each([
    ['listens', 'sleep 60 & echo $! > listens; wait', 500],
    ['is deaf', 'trap "" TERM; (trap "" TERM; sleep 60) & echo $! > deaf; wait; wait; wait', 2_500],
    ['was stopped', 'sleep 60 & echo $! > stopped; kill -STOP 0', 2_500],
  ])('ends the whole group of a command that %s', async (what, script, withinMs) => {
    const stop = new AbortController();
    const running = run('bash', ['-c', script], { cwd, signal: stop.signal });
    const grandchild = await pidIn(what.split(' ').at(-1)!);
    await sleep(100);
    const asked = performance.now();
    stop.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    expect(performance.now() - asked).toBeLessThan(withinMs + 300);
    await sleep(50);
    expect(alive(grandchild)).toBe(false);
  });

  test('before the start starts nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(run('touch', ['started'], { cwd, signal })).rejects.toThrow('too late');
    expect(existsSync(join(cwd, 'started'))).toBe(false);
  });

  test.runIf(process.platform === 'linux')('a command ends with the worker, even when that is killed', async () => {
    const script = `import { run } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))};
      await run('sh', ['-c', 'echo $$ > orphan; exec sleep 60'], { cwd: '.', signal: new AbortController().signal });`;
    const worker = new AbortController();
    const running = run(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd,
      signal: worker.signal,
    });
    running.catch(() => {});
    const orphan = await pidIn('orphan');
    const parent = Number(/PPid:\s+(\d+)/.exec(await readFile(`/proc/${orphan}/status`, 'utf8'))![1]);
    process.kill(parent, 'SIGKILL');
    await expect(running).rejects.toThrow(/SIGKILL/);
    await sleep(100);
    expect(alive(orphan)).toBe(false);
  });
});

describe('a trace', () => {
  test.each([
    [['a', 'b=1,c'], 'x a b=1,c'],
    [["it's", ''], `x 'it'\\''s' ''`],
    [['$(rm -rf /)', 'a\nb'], `x '$(rm -rf /)' 'a\nb'`],
  ])('quotes %j for a shell', (args, line) => expect(quoteCommand('x', args)).toBe(line));

  test('holds no signature of a link', () => {
    expect(withoutSignatures('GET https://s3/b/k?X-Amz-Signature=abc&x=1 and http://h/p')).toBe(
      'GET https://s3/b/k?… and http://h/p',
    );
  });

  test('is bounded', () => {
    const tail = new Tail();
    for (let i = 0; i < 500; i++) tail.add('x'.repeat(5_000));
    expect(tail.toString().length).toBeLessThanOrEqual(16_384);
    expect(quoteCommand('x', ['y'.repeat(50_000)]).length).toBeLessThanOrEqual(20_000);
  });
});
