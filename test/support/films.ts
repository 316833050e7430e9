import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@reverie/media';
import { onTestFinished } from 'vitest';
import { ffmpegForTests } from './ffmpeg.ts';

/** A film of which everything is known: one colour a scene, a bar of its own in it and a square that moves, and a voice-like tone. */
export async function filmWith({
  scenes,
  secondsEach,
  sound,
  size = '640x360',
}: {
  scenes: string[];
  secondsEach: number;
  sound: boolean;
  size?: string;
}): Promise<string> {
  const { ffmpegPath } = await ffmpegForTests();
  const dir = await mkdtemp(join(tmpdir(), 'film-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const seconds = scenes.length * secondsEach;
  // The bar makes scenes differ in shape: to a perceptual hash two plain colours look alike.
  const bars = [
    'x=0:y=0:w=iw/3:h=ih',
    'x=0:y=ih/2:w=iw:h=ih/4',
    'x=iw*3/4:y=0:w=iw/4:h=ih/2',
    'x=iw/3:y=ih/3:w=iw/3:h=ih/3',
  ];
  const shots = scenes.map((colour, i) =>
    [
      `color=${colour}:s=${size}:r=25:d=${secondsEach}`,
      `drawbox=${bars[i % bars.length]}:c=white:t=fill`,
      `drawbox=x='20+40*t':y=40:w=40:h=40:c=white:t=fill[v${i}]`,
    ].join(','),
  );
  const joined = `${scenes.map((_, i) => `[v${i}]`).join('')}concat=n=${scenes.length}[v]`;
  // Half a second of rest in every two.
  const voice = `aevalsrc='0.3*sin(2*PI*220*t)*lt(mod(t,2),1.5)':s=44100:d=${seconds}[a]`;
  const graph = [...shots, joined, ...(sound ? [voice] : [])].join(';');
  const maps = ['-map', '[v]', ...(sound ? ['-map', '[a]'] : [])];
  await run(
    ffmpegPath,
    [
      '-y',
      '-filter_complex',
      graph,
      ...maps,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      'film.mp4',
    ],
    { cwd: dir, signal: AbortSignal.timeout(30_000) },
  );
  return join(dir, 'film.mp4');
}
