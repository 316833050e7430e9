import type { AudioTrack, Playlist, Variant } from './hls-playlist.ts';

/** Above this a pod without a GPU would encode for a day, and no telephone shows it. */
const MOST_LINES = 1_080;

/** The best picture that is worth it, and the sound that goes with it where that is apart: in the wished language, or the usual one. */
export function chooseVariant(
  { variants, audio }: Extract<Playlist, { kind: 'master' }>,
  language: string | null,
): { video: string; audio?: string } {
  const [best] = variants.toSorted((a, b) => rankOf(b) - rankOf(a) || ofLines(a, b) || b.bandwidth - a.bandwidth);
  const tracks = audio.filter(({ group }) => group === best!.audio);
  const isWished = (track: AudioTrack) => language !== null && baseOf(track.language) === baseOf(language);
  const track = tracks.find(isWished) ?? tracks.find(({ isDefault }) => isDefault) ?? tracks[0];
  return { video: best!.uri, ...(track?.uri !== undefined && { audio: track.uri }) };
}

/** Not too large first, then what has a picture, then what needs not be encoded again. */
function rankOf({ height, codecs }: Variant): number {
  const pictured = height > 0 || codecs === '' || /\b(avc|hvc|hev|vp0?9|av01|mp4v)/.test(codecs);
  return (height <= MOST_LINES ? 4 : 0) + (pictured ? 2 : 0) + (codecs === '' || /\bavc[13]\b/.test(codecs) ? 1 : 0);
}

/** Among those that are too large the smallest is best. */
const ofLines = (a: Variant, b: Variant) => (a.height > MOST_LINES ? a.height - b.height : b.height - a.height);

const baseOf = (language: string) => language.toLowerCase().split('-')[0];
