import { addInput, ffmpeg } from '@reverie/media';
import { backInColour, intoRgb } from '../colour.ts';
import { encodedOn } from '../encode.ts';
import type { OpenModel } from './model.ts';

/**
 * How far apart the eyes see a point, as a share of the picture's width: at the top it lies behind the screen, at the bottom
 * before it, as ground does that comes nearer. Beyond 3 % eyes begin to hurt.
 */
const PARALLAX = { top: -0.008, bottom: 0.02 };
/** What an eye sees past the edge is not there: both see a little less. */
const MARGIN = Math.max(Math.abs(PARALLAX.top), Math.abs(PARALLAX.bottom)) / 2;

const MADE = 'stereo.mp4';

/** Two views of one by a shift, made with ffmpeg: no depth is known, so it is taken to grow from the bottom to the top. */
export const stereoShift: OpenModel = {
  name: 'stereo-shift',
  async run({ name, seen, mode }, { ffmpegPath, path }, { signal, progress }) {
    const { video, seconds } = seen;
    const views = { sbs: BOTH_EYES, anaglyph: `${BOTH_EYES},${intoRgb(video)},${RED_CYAN}` }[mode];
    await ffmpeg(
      (command) =>
        addInput(command, { name, kind: 'source', options: ['-copyts'] })
          .complexFilter(`[0:${video.index}]${views},${backInColour(video)}[both]`)
          .output(`file:${MADE}`)
          .outputOptions('-map', '[both]', ...encodedOn(video)),
      { ffmpegPath, cwd: path, signal, progress: { seconds, onPercent: progress } },
    );
    return MADE;
  },
};

/** Where a view looks in the picture: its four corners, moved sideways, and more so the nearer the bottom. */
function eye(side: 1 | -1): string {
  const shift = (parallax: number, edge: string) => `${edge}+W*${((-side * parallax) / 2).toFixed(5)}`;
  const [left, right] = [`W*${MARGIN}`, `W*${1 - MARGIN}`];
  const { top, bottom } = PARALLAX;
  const corners = [
    `x0=${shift(top, left)}:y0=H*${MARGIN}:x1=${shift(top, right)}:y1=H*${MARGIN}`,
    `x2=${shift(bottom, left)}:y2=H*${1 - MARGIN}:x3=${shift(bottom, right)}:y3=H*${1 - MARGIN}`,
  ];
  return `perspective=${corners.join(':')}:interpolation=cubic`;
}

const EVEN = 'crop=trunc(iw/2)*2:trunc(ih/2)*2';
/** Side by side, each as large as the picture was. What is near lies further right to the left eye. */
const BOTH_EYES = `${EVEN},split[one][other];[one]${eye(1)}[left];[other]${eye(-1)}[right];[left][right]hstack`;

/** Mixed so that little of the one eye's colours comes through to the other. */
const RED_CYAN = 'stereo3d=sbsl:arcd';
