import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A minute with thirteen shots, so twelve cuts. */
export const CLIP = { seconds: 60, shots: 13, fps: 30 } as const;
const SHOT_FRAMES = Math.ceil((CLIP.seconds * CLIP.fps) / CLIP.shots);
export const TRUE_CUTS = Array.from({ length: CLIP.shots - 1 }, (_, i) => ((i + 1) * SHOT_FRAMES) / CLIP.fps);

const SIZES = { '1080p': [1920, 1080], '720p': [1280, 720] } as const;

/** Made once, and kept in `dir`. 720p is fit already: nothing of it needs to be encoded. */
export async function clip(size: keyof typeof SIZES, { ffmpegPath, dir }: { ffmpegPath: string; dir: string }) {
  const file = join(dir, `clip-${size}.mp4`);
  if (existsSync(file)) return file;
  await mkdir(dir, { recursive: true });
  const [width, height] = SIZES[size];
  const encode = '-c:v libx264 -preset superfast -crf 23 -g 60 -pix_fmt yuv420p -c:a aac -b:a 128k'.split(' ');
  const args = [...inputs(width, height), '-filter_complex', graph(), '-map', '[film]', '-map', '[sound]'];
  const partial = join(dir, `partial-${process.pid}.mp4`);
  await promisify(execFile)(ffmpegPath, ['-v', 'error', '-y', ...args, '-t', `${CLIP.seconds}`, ...encode, partial]);
  await rename(partial, file);
  return file;
}

/** Two pictures full of detail, one that moves by itself, and sound with a rest every five seconds. */
const inputs = (width: number, height: number) =>
  [
    `mandelbrot=s=${width}x${height}:r=${CLIP.fps}:start_scale=0.5`,
    `testsrc2=s=${width}x${height}:r=${CLIP.fps}`,
    `mandelbrot=s=${width}x${height}:r=${CLIP.fps}:start_x=-0.2:start_y=-0.8:start_scale=0.1`,
    `anoisesrc=c=pink:a=0.2:d=${CLIP.seconds}:r=48000`,
  ].flatMap((source) => ['-f', 'lavfi', '-i', source]);

/** Each shot is one of the three, recoloured; the camera moves, and there is grain, as of a camera. */
function graph(): string {
  const shots = Array.from({ length: CLIP.shots }, (_, i) => i);
  const users = (source: number) => shots.filter((i) => i % 3 === source);
  const still = `trim=end_frame=1,loop=loop=${SHOT_FRAMES - 1}:size=1,setpts=N/${CLIP.fps}/TB`;
  const moving = [
    `${still},scroll=h=0.001`,
    `trim=end_frame=${SHOT_FRAMES},setpts=N/${CLIP.fps}/TB`,
    `${still},scroll=v=0.002`,
  ];
  const sources = moving.map((how, source) => {
    const labels = users(source).map((i) => `[p${i}]`);
    return `[${source}:v]${how},format=yuv420p,split=${labels.length}${labels.join('')}`;
  });
  const looks = ['null', 'negate', 'hue=h=120', 'vflip,hue=h=200', 'hflip,negate'];
  const pictures = shots.map((i) => `[p${i}]${looks[Math.floor(i / 3)]}[s${i}]`);
  const film = `${shots.map((i) => `[s${i}]`).join('')}concat=n=${CLIP.shots},fps=${CLIP.fps},noise=alls=5:allf=t,format=yuv420p[film]`;
  return [...sources, ...pictures, film, "[3:a]volume='lt(mod(t,5),4)':eval=frame[sound]"].join(';');
}
