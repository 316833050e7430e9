import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { ffmpegForTests } from './ffmpeg.ts';

const COLOURS: Record<string, [number, number, number]> = {
  black: [0, 0, 0],
  white: [255, 255, 255],
  red: [255, 0, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  yellow: [255, 255, 0],
};

/** The pictures of a chat request, as `image_url` parts. */
export const pictureUrls = (messages: { content: unknown }[]): string[] =>
  messages
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === 'image_url')
    .map(({ image_url }) => String(image_url?.url));

/** The name of the colour a picture has on the whole; undefined for what is no picture in a data URL. */
export async function colourOf(url: string): Promise<string | undefined> {
  const [, data] = /^data:image\/(?:jpeg|png|webp);base64,([A-Za-z0-9+/]+={0,2})$/.exec(url) ?? [];
  if (!data) return undefined;
  const { ffmpegPath } = await ffmpegForTests();
  const toOnePixel = ['-vf', 'scale=1:1:flags=area', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const ffmpeg = spawn(ffmpegPath, ['-v', 'error', '-i', '-', ...toOnePixel], { stdio: ['pipe', 'pipe', 'ignore'] });
  ffmpeg.stdin.on('error', () => {}); // it has seen enough
  ffmpeg.stdin.end(Buffer.from(data, 'base64'));
  const [red, green, blue] = await buffer(ffmpeg.stdout);
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const far = ([r, g, b]: [number, number, number]) => Math.hypot(r - red, g - green, b - blue);
  return Object.entries(COLOURS).sort(([, a], [, b]) => far(a) - far(b))[0]![0];
}
