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

type Picture = Probe['streams'][number];

/** What says nothing is taken for BT.601, there and back. */
const matrixOf = ({ color_space = 'unknown' }: Picture) => MATRICES[color_space] ?? 'bt601';

/** Into RGB. By themselves versions of ffmpeg do not agree whether to look at what a picture says of its colours. */
export const intoRgb = (video: Picture): string => `scale=in_color_matrix=${matrixOf(video)},format=rgb24`;

/** The filters a picture ends with, whether or not it has been through RGB: in the colours it had, of the range that players expect. */
export function backInColour(video: Picture): string {
  const { color_space, color_primaries, color_transfer } = video;
  const matrix = matrixOf(video);
  const said = Object.entries({
    colorspace: MATRICES[color_space ?? ''] && color_space,
    color_primaries,
    color_trc: color_transfer,
  }).flatMap(([name, value]) => (value === undefined || value === 'unknown' ? [] : [`${name}=${value}`]));
  const back = `scale=in_color_matrix=${matrix}:out_color_matrix=${matrix}:out_range=tv,format=yuv420p`;
  return `${back},setparams=${['range=tv', ...said].join(':')}`;
}
