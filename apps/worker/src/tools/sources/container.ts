import type { Probe } from '@reverie/media';
import { audioOf, videoOf } from '@reverie/media';

/** What a file is called, by what ffprobe calls the format: with moving pictures, and without. */
const EXTENSIONS: Record<string, [video: string, audio: string]> = {
  matroska: ['mkv', 'mka'],
  mpegts: ['ts', 'ts'],
  mpeg: ['mpg', 'mpg'],
  avi: ['avi', 'avi'],
  flv: ['flv', 'flv'],
  asf: ['wmv', 'wma'],
  ogg: ['ogv', 'ogg'],
  w64: ['wav', 'wav'],
};

/** All that a WebM may hold; the same container with anything else is a Matroska. */
const WEBM = ['vp8', 'vp9', 'av1', 'opus', 'vorbis'];

/** The extension a recording is stored under, whatever it was called where it came from. */
export function extensionOf(probe: Probe): string {
  const format = probe.format.format_name.split(',')[0]!;
  const video = videoOf(probe);
  if (format === 'mov') return movieExtension(probe.format.tags.major_brand ?? '', video !== undefined);
  const codecs = [video, audioOf(probe)].flatMap((stream) => stream?.codec_name ?? []);
  if (format === 'matroska' && codecs.every((codec) => WEBM.includes(codec))) return 'webm';
  const [withVideo, without] = EXTENSIONS[format] ?? [format, format];
  return video ? withVideo : without;
}

function movieExtension(brand: string, video: boolean): string {
  if (brand.startsWith('qt')) return 'mov';
  if (brand.startsWith('3g')) return '3gp';
  return video ? 'mp4' : 'm4a';
}
