import type { Part, Shot } from './scene-times.ts';
import { zoom, zoomFilter } from './zoom.ts';

export interface Frame {
  width: number;
  height: number;
  fps: number;
}

/** How a picture comes into the graph: `[0:v]`, or a source filter and its comma. A still has one frame, a clip never ends. */
export interface Picture {
  source: string;
  still: boolean;
}

/**
 * A clip as a source of the graph itself, again and again from its beginning. As inputs of the command, looped clips
 * are decoded ahead while the graph is still waiting for the last of them: sixty of them took 4.4 GB.
 */
export const clipSource = (name: string, format: 'mov' | 'matroska') =>
  `movie=filename=${name}:f=${format}:loop=0,setpts='${GO_ON}',`;

/** A looped movie starts its clock anew each time round: 1 is what went before, 2 the last frame's time, 3 its length. */
const GO_ON =
  'st(1,ld(1)+if(lt(PTS,ld(2)),ld(2)+ld(3)-PTS,0));st(3,if(gt(PTS,ld(2)),PTS-ld(2),ld(3)));st(2,PTS);PTS+ld(1)';

/**
 * The pictures of a part → one moving picture [film]. Each shot but the first is in two pieces: its head is laid over
 * the end of the shot before, becoming opaque, and its body follows. The same on every ffmpeg since 4.1, which has no xfade.
 */
export function filmGraph(
  pictureOf: (index: number) => Picture,
  { shots, part, frame, subtitles }: { shots: readonly Shot[]; part: Part; frame: Frame; subtitles: string },
): string {
  const { fps } = frame;
  const lines: string[] = [];
  const pieces: string[] = [];
  for (let i = part.first; i <= part.last; i++) {
    const shot = shots[i]!;
    const next = shots[i + 1];
    const picture = `${fitted(pictureOf(i), frame)},${moving(i, shot, fps)}`;
    if (shot.fadeFrames === 0) lines.push(`${picture}[body${i}]`);
    // Its head is already on the end of the shot before, which is the last one of another part.
    else if (i === part.first) lines.push(`${picture},${body(shot)}[body${i}]`);
    else lines.push(`${picture},split[h${i}][b${i}];[h${i}]${head(shots, i, fps)};[b${i}]${body(shot)}[body${i}]`);
    if (!next?.fadeFrames) {
      pieces.push(`[body${i}]`);
      continue;
    }
    if (i === part.last) {
      lines.push(`${fitted(pictureOf(i + 1), frame)},${moving(i + 1, next, fps)},${head(shots, i + 1, fps)}`);
    }
    lines.push(`[body${i}][head${i + 1}]overlay=eof_action=pass:format=yuv420[shot${i}]`);
    pieces.push(`[shot${i}]`);
  }
  const joined = `${pieces.join('')}concat=n=${pieces.length}:v=1:a=0`;
  return [...lines, `${joined},${finish({ shots, part, fps, subtitles })}[film]`].join(';');
}

const body = ({ fadeFrames }: Shot) => `trim=start_frame=${fadeFrames},setpts=PTS-STARTPTS`;

/** The frames a shot shares with the one before, at the time they have in it. */
function head(shots: readonly Shot[], index: number, fps: number): string {
  const { fadeFrames } = shots[index]!;
  const before = shots[index - 1]!;
  const lead = before.frames - before.fadeFrames - fadeFrames;
  return (
    `trim=end_frame=${fadeFrames},format=yuva420p,fade=in:0:${fadeFrames}:alpha=1,` +
    `setpts=PTS-STARTPTS+${lead}/(${fps}*TB)[head${index}]`
  );
}

/**
 * The camera works at most this often, and the film blends between: `perspective` takes half of all the time otherwise,
 * and in a twelfth of a second nothing moves by more than a pixel or so.
 */
const CAMERA_FPS = 12;

/** Fills the frame, whatever the picture's shape and rate; between a slow clip's frames it blends. */
function fitted({ source, still }: Picture, { width, height }: Frame): string {
  const fit =
    `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic:out_color_matrix=bt709:out_range=tv,` +
    `crop=${width}:${height},setsar=1,format=yuv420p`;
  const rate = `fps=${CAMERA_FPS}`;
  return `${source}${fit},${still ? `loop=loop=-1:size=1,setpts=N/(${CAMERA_FPS}*TB),${rate}` : blended(CAMERA_FPS)}`;
}

/** A rate that is higher than it was, by mixing neighbours; whole scenes changing is no reason not to. */
const blended = (fps: number) => `framerate=fps=${fps}:interp_start=0:interp_end=255:scene=100`;

const moving = (index: number, { frames }: Shot, fps: number) => {
  const camera = zoomFilter(zoom(index, frames / fps), Math.ceil((frames / fps) * CAMERA_FPS));
  return `${camera},${blended(fps)},trim=end_frame=${frames},setpts=N/(${fps}*TB)`;
};

/**
 * Out of black, the words at their time in the whole film, into black. No grain against banding: it is hardly seen,
 * and costs a fifth of the time and a third of the size.
 */
function finish({
  shots,
  part,
  fps,
  subtitles,
}: {
  shots: readonly Shot[];
  part: Part;
  fps: number;
  subtitles: string;
}) {
  const frames = part.endFrame - part.startFrame;
  const fade = Math.min(Math.round(fps * 0.6), Math.floor(frames / 4));
  return [
    ...(part.first === 0 ? [`fade=in:0:${fade}`] : []),
    `setpts=(N+${part.startFrame})/(${fps}*TB)`,
    subtitles,
    `setpts=N/(${fps}*TB)`,
    ...(part.last === shots.length - 1 ? [`fade=out:${frames - fade}:${fade}`] : []),
    'format=yuv420p',
  ].join(',');
}
