import { Failure } from '@reverie/contracts';
import type { ByteRange } from '@reverie/storage';

/** A file, or a part of one, by the address the playlist gives it. */
export interface Piece {
  uri: string;
  range?: Required<ByteRange>;
}

export interface MediaSegment extends Piece {
  seconds: number;
  /** What an fMP4 segment cannot be read without (EXT-X-MAP). */
  header?: Piece;
}

export interface Variant {
  uri: string;
  bandwidth: number;
  /** Lines of the picture; 0 where the playlist says nothing of it. */
  height: number;
  codecs: string;
  /** The group its sound is in, where that is apart. */
  audio?: string;
}

export interface AudioTrack {
  group: string;
  language: string;
  isDefault: boolean;
  /** Undefined: the sound is in the variant itself. */
  uri?: string;
}

export type Playlist =
  | { kind: 'master'; variants: Variant[]; audio: AudioTrack[] }
  | {
      kind: 'media';
      segments: MediaSegment[];
      /** Its clock may jump: something else was put in between, or a piece is missing. */
      jumps: boolean;
    };

/** 33 hours of 6 s. A playlist may name one file as often as it likes, so the sum of bytes is bounded elsewhere, too. */
const MOST_SEGMENTS = 20_000;

/** Reads an HLS playlist (RFC 8216). Addresses come out as they stand there: nothing is looked up. */
export function readPlaylist(text: string): Playlist {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (lines[0]?.trim() !== '#EXTM3U') throw unreadable('it does not begin with #EXTM3U');
  const isMaster = lines.some((line) => line.startsWith('#EXT-X-STREAM-INF:'));
  return isMaster ? readMaster(lines) : readMedia(lines);
}

function readMaster(lines: readonly string[]): Playlist {
  const variants: Variant[] = [];
  const audio: AudioTrack[] = [];
  let next: Omit<Variant, 'uri'> | undefined;
  for (const line of lines) {
    const [tag, value] = tagOf(line);
    if (tag === 'STREAM-INF') next = variantOf(attributesOf(value));
    else if (tag === 'MEDIA') audio.push(...audioOf(attributesOf(value)));
    else if (next && isAddress(line)) {
      variants.push({ ...next, uri: line.trim() });
      next = undefined;
    }
  }
  if (variants.length === 0) throw unreadable('it names no variant');
  return { kind: 'master', variants, audio };
}

function variantOf(given: Record<string, string>): Omit<Variant, 'uri'> {
  return {
    bandwidth: Number(given.BANDWIDTH) || 0,
    height: Number(/^\d+x(\d+)$/.exec(given.RESOLUTION ?? '')?.[1] ?? 0),
    codecs: given.CODECS ?? '',
    ...(given.AUDIO !== undefined && { audio: given.AUDIO }),
  };
}

function audioOf(given: Record<string, string>): AudioTrack[] {
  if (given.TYPE !== 'AUDIO') return [];
  const { 'GROUP-ID': group = '', LANGUAGE: language = '', DEFAULT, URI: uri } = given;
  return [{ group, language, isDefault: DEFAULT === 'YES', ...(uri !== undefined && { uri }) }];
}

function readMedia(lines: readonly string[]): Playlist {
  const segments: MediaSegment[] = [];
  const ends = new Map<string, number>();
  let [jumps, ended, isGap] = [false, false, false];
  let seconds: number | undefined;
  let range: string | undefined;
  let header: Piece | undefined;
  for (const line of lines) {
    const [tag, value] = tagOf(line);
    if (tag === 'INF') seconds = secondsOf(value);
    else if (tag === 'BYTERANGE') range = value;
    else if (tag === 'KEY') refuseKey(attributesOf(value));
    else if (tag === 'MAP') header = headerOf(attributesOf(value));
    else if (tag === 'DISCONTINUITY') jumps = true;
    else if (tag === 'GAP') isGap = jumps = true;
    else if (tag === 'ENDLIST') ended = true;
    else if (isAddress(line)) {
      if (seconds === undefined) throw unreadable(`${line.trim()} has no #EXTINF before it`);
      const piece = pieceOf(line.trim(), range, ends);
      if (!isGap) segments.push({ ...piece, seconds, ...(header && { header }) });
      if (segments.length > MOST_SEGMENTS) throw unreadable(`it names more than ${MOST_SEGMENTS} segments`);
      [seconds, range, isGap] = [undefined, undefined, false];
    }
  }
  if (segments.length === 0) throw unreadable('it names no segments');
  if (!ended) {
    throw new Failure(
      'media_truncated',
      'the playlist has no end (#EXT-X-ENDLIST): it is live, or not yet whole; send the run again when it is',
    );
  }
  return { kind: 'media', segments, jumps };
}

/** `#EXT-X-MAP:URI="…"` → `MAP`, `URI="…"` */
function tagOf(line: string): [tag: string, value: string] {
  const [, tag = '', value = ''] = /^#EXT-?(?:X-)?([A-Z-]+)(?::(.*))?$/.exec(line.trim()) ?? [];
  return [tag, value];
}

const isAddress = (line: string) => line.trim() !== '' && !line.startsWith('#');

const attributesOf = (value: string): Record<string, string> =>
  Object.fromEntries(
    [...value.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g)].map(([, name, quoted, bare]) => [
      name!,
      quoted ?? bare!,
    ]),
  );

function secondsOf(value: string): number {
  const seconds = Number.parseFloat(value);
  if (seconds >= 0 && seconds < 86_400) return seconds;
  throw unreadable(`#EXTINF:${value.slice(0, 40)} is no length of time`);
}

function refuseKey({ METHOD: method = '' }: Record<string, string>): void {
  if (method === 'NONE') return;
  throw new Failure(
    'media_forbidden',
    `the segments are encrypted (${method || 'EXT-X-KEY'}), and this pod has no keys: give it the video without encryption`,
  );
}

function headerOf({ URI: uri, BYTERANGE: range }: Record<string, string>): Piece {
  if (uri === undefined) throw unreadable('an #EXT-X-MAP names no URI');
  return pieceOf(uri, range, new Map([[uri, 0]]));
}

/** `bytes[@from]`; without `from` it begins where the last one of the same file ended. */
function pieceOf(uri: string, range: string | undefined, ends: Map<string, number>): Piece {
  if (range === undefined) return { uri };
  const [, bytes, from] = /^(\d+)(?:@(\d+))?$/.exec(range) ?? [];
  const start = from === undefined ? ends.get(uri) : Number(from);
  const end = (start ?? Number.NaN) + Number(bytes) - 1;
  if (start === undefined || !Number.isSafeInteger(end) || end < start) {
    throw unreadable(`${range.slice(0, 40)} is no range of bytes`);
  }
  ends.set(uri, end + 1);
  return { uri, range: { start, end } };
}

const unreadable = (why: string) => new Failure('media_unreadable', `the playlist cannot be read: ${why}`);
