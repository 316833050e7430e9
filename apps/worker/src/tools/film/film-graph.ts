import type { Shot } from './scene-times.ts';
import { zoom, zoomFilter } from './zoom.ts';

export interface Frame {
  width: number;
  height: number;
  fps: number;
}

/** A picture as the graph's input of the same number: a still has one frame, a clip is looped by its input. */
export interface Picture {
  still: boolean;
}

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
    const picture = `[${i}:v]${fitted(pictures[i]!, frame)},${moving(i, shot, fps)}`;
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
  return [...lines, `${joined.join('')}concat=n=${shots.length}:v=1:a=0,fps=${fps},${finish(frames, fps, subtitles)}[film]`].join(';');
}

/** Fills the frame, whatever the picture's shape and rate; between a slow clip's frames it blends. */
const fitted = ({ still }: Picture, { width, height, fps }: Frame) =>
  `${still ? 'loop=loop=-1:size=1,setpts=N/(25*TB),' : ''}scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic:` +
  `out_color_matrix=bt709:out_range=tv,crop=${width}:${height},setsar=1,format=yuv420p,` +
  (still ? `setpts=N/(${fps}*TB),fps=${fps}` : `framerate=fps=${fps}:interp_start=0:interp_end=255:scene=100`);

const moving = (index: number, { frames }: Shot, fps: number) =>
  `${zoomFilter(zoom(index, frames / fps), frames)},trim=end_frame=${frames},setpts=N/(${fps}*TB)`;

/** Out of black, the words, into black; a breath of grain against banding. */
function finish(frames: number, fps: number, subtitles: string): string {
  const fade = Math.min(Math.round(fps * 0.6), Math.floor(frames / 4));
  return `noise=c0s=4:c0f=t,fade=in:0:${fade},${subtitles},fade=out:${frames - fade}:${fade},format=yuv420p`;
}
