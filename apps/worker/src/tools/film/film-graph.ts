import type { Shot } from './scene-times.ts';
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
 * A clip as a source of the graph itself, again and again from its beginning. As inputs of the command sixty looped
 * clips are decoded ahead while the graph is still waiting for the last of them: that took 4.4 GB.
 */
export const clipSource = (name: string, format: 'mov' | 'matroska') =>
  `movie=filename=${name}:f=${format}:loop=0,setpts='${GO_ON}',`;

/** A looped movie starts its clock anew each time round: 1 is what went before, 2 the last frame's time, 3 its length. */
const GO_ON =
  'st(1,ld(1)+if(lt(PTS,ld(2)),ld(2)+ld(3)-PTS,0));st(3,if(gt(PTS,ld(2)),PTS-ld(2),ld(3)));st(2,PTS);PTS+ld(1)';

/**
 * Pictures → one moving picture [film]. Each shot but the first is in two parts: its head is laid over the end of the
 * shot before, becoming opaque, and its body follows. The same on every ffmpeg since 4.1, which has no xfade.
 */
export function filmGraph(
  pictures: readonly Picture[],
  { shots, frame, subtitles }: { shots: readonly Shot[]; frame: Frame; subtitles: string },
): string {
  const { fps } = frame;
  const lines = shots.flatMap((shot, i) => {
    const picture = `${fitted(pictures[i]!, frame)},${moving(i, shot, fps)}`;
    if (shot.fadeFrames === 0) return [`${picture}[body${i}]`];
    const fade = `trim=end_frame=${shot.fadeFrames},setpts=PTS-STARTPTS,format=yuva420p,fade=in:0:${shot.fadeFrames}:alpha=1`;
    const before = shots[i - 1]!;
    const bodyOfBefore = before.frames - before.fadeFrames;
    const lead = bodyOfBefore - shot.fadeFrames;
    return [
      `${picture},split[h${i}][b${i}]`,
      `[h${i}]${fade},setpts=PTS+${lead}/(${fps}*TB)[head${i}]`,
      `[b${i}]trim=start_frame=${shot.fadeFrames},setpts=PTS-STARTPTS[body${i}]`,
    ];
  });
  const joined = shots.map((_, i) => {
    if (!shots[i + 1]?.fadeFrames) return `[body${i}]`;
    lines.push(`[body${i}][head${i + 1}]overlay=eof_action=pass:format=yuv420[shot${i}]`);
    return `[shot${i}]`;
  });
  const last = shots.at(-1)!;
  const frames = last.startFrame + last.frames;
  return [
    ...lines,
    `${joined.join('')}concat=n=${shots.length}:v=1:a=0,fps=${fps},${finish(frames, fps, subtitles)}[film]`,
  ].join(';');
}

/** Fills the frame, whatever the picture's shape and rate; between a slow clip's frames it blends. */
function fitted({ source, still }: Picture, { width, height, fps }: Frame): string {
  const fit =
    `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic:out_color_matrix=bt709:out_range=tv,` +
    `crop=${width}:${height},setsar=1,format=yuv420p`;
  const rate = still
    ? `loop=loop=-1:size=1,setpts=N/(${fps}*TB),fps=${fps}`
    : `framerate=fps=${fps}:interp_start=0:interp_end=255:scene=100`;
  return `${source}${fit},${rate}`;
}

const moving = (index: number, { frames }: Shot, fps: number) =>
  `${zoomFilter(zoom(index, frames / fps), frames)},trim=end_frame=${frames},setpts=N/(${fps}*TB)`;

/** Out of black, the words, into black. No grain against banding: it is hardly seen, and costs a fifth of the time and a third of the size. */
function finish(frames: number, fps: number, subtitles: string): string {
  const fade = Math.min(Math.round(fps * 0.6), Math.floor(frames / 4));
  return `fade=in:0:${fade},${subtitles},fade=out:${frames - fade}:${fade},format=yuv420p`;
}
