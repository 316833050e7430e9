import type { Probe } from '@reverie/media';

/** ffmpeg's names of the matrices, as ffprobe says them and as the scaler wants them. */
const MATRICES: Record<string, string> = {
  bt709: 'bt709',
  smpte170m: 'smpte170m',
  bt470bg: 'bt470',
  smpte240m: 'smpte240m',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
};

/** The filters a picture ends with that may have been through RGB: in the colours it had, of the range that players expect. */
export function backInColour(video: Probe['streams'][number]): string {
  const { color_space: space = 'unknown', color_primaries, color_transfer } = video;
  const matrix = MATRICES[space];
  const said = Object.entries({
    colorspace: matrix && space,
    color_primaries,
    color_trc: color_transfer,
  }).flatMap(([name, value]) => (value === undefined || value === 'unknown' ? [] : [`${name}=${value}`]));
  // What says nothing is taken for BT.601, there and back.
  const back = `scale=out_color_matrix=${matrix ?? 'bt601'}:out_range=tv,format=yuv420p`;
  return `${back},setparams=${['range=tv', ...said].join(':')}`;
}
