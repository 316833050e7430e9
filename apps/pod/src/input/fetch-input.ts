import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, type PodRun } from '@reverie/contracts';
import type { Store } from '@reverie/storage';
import { byUrl } from './by-url.ts';
import { chooseVariant } from './choose-variant.ts';
import { type MediaSegment, type Piece, type Playlist, readPlaylist } from './hls-playlist.ts';
import { type Intake, openIntake } from './intake.ts';
import { keyOfUri } from './key-of-uri.ts';

/** A video as one file in the run's folder, or as two where its sound came apart. Never as a playlist: ffmpeg opens none. */
export interface Fetched {
  video: string;
  audio?: string;
  /** Its clock may jump: it was put together of several. */
  jumps: boolean;
}

export interface Fetching {
  dir: string;
  inputs: Store;
  maxBytes: number;
  signal: AbortSignal;
  progress(percent: number): void;
}

const SOURCE = 'source';
const MOST_PLAYLIST_BYTES = 8 * 1024 ** 2;

/**
 * Brings the video of a run here: from the bucket, or through the link that came with the run. Of a playlist the segments of
 * one variant are fetched and put one behind the other, which is a file that ffmpeg reads as any other.
 */
export async function fetchInput(wish: PodRun, fetching: Fetching): Promise<Fetched> {
  const { dir, inputs, signal } = fetching;
  const intake = openIntake(fetching);
  const key = wish.s3_input_key;
  await intake.append(SOURCE, (await inputs.get(key, { signal })) ?? (await byUrl(wish.input_url, signal)));
  if (!(await isPlaylist(join(dir, SOURCE)))) {
    await rename(join(dir, SOURCE), join(dir, 'video'));
    return { video: 'video', jumps: false };
  }
  return fetchHls(readPlaylist(await textOf(join(dir, SOURCE))), key, {
    ...fetching,
    intake,
    language: wish.source_lang,
  });
}

interface FetchingHls extends Fetching {
  intake: Intake;
  language: string | null;
}

async function fetchHls(playlist: Playlist, key: string, fetching: FetchingHls): Promise<Fetched> {
  if (playlist.kind === 'media') {
    await fetchSegments(playlist.segments, key, { ...fetching, as: 'video' });
    return { video: 'video', jumps: playlist.jumps };
  }
  const chosen = chooseVariant(playlist, fetching.language);
  const video = await fetchVariant(chosen.video, key, { ...fetching, as: 'video' });
  if (chosen.audio === undefined) return { video: 'video', jumps: video.jumps };
  const audio = await fetchVariant(chosen.audio, key, { ...fetching, as: 'audio' });
  return { video: 'video', audio: 'audio', jumps: video.jumps || audio.jumps };
}

interface FetchingFile extends FetchingHls {
  /** The name of the file in the run's folder. */
  as: string;
}

async function fetchVariant(uri: string, masterKey: string, fetching: FetchingFile) {
  const key = keyOfUri(uri, masterKey);
  const name = `${fetching.as}.m3u8`;
  await fetching.intake.append(name, await bodyOf({ uri }, masterKey, fetching));
  const playlist = readPlaylist(await textOf(join(fetching.dir, name)));
  if (playlist.kind === 'master') {
    throw new Failure('media_unreadable', `${uri} is a master playlist where a list of segments should be`);
  }
  await fetchSegments(playlist.segments, key, fetching);
  return playlist;
}

async function fetchSegments(segments: readonly MediaSegment[], key: string, fetching: FetchingFile): Promise<void> {
  const { as, intake, progress } = fetching;
  let header = '';
  for (const [i, segment] of segments.entries()) {
    const needed = JSON.stringify(segment.header ?? '');
    if (segment.header && needed !== header) await append(segment.header);
    header = needed;
    await append(segment);
    progress((100 * (i + 1)) / segments.length);
  }

  async function append(piece: Piece): Promise<void> {
    const { range } = piece;
    const bytes = await intake.append(as, await bodyOf(piece, key, fetching));
    if (range && bytes !== range.end - range.start + 1) {
      throw new Failure('media_truncated', `${piece.uri} ends before the bytes that the playlist names`);
    }
  }
}

async function bodyOf({ uri, range }: Piece, playlistKey: string, { inputs, signal }: Fetching) {
  const key = keyOfUri(uri, playlistKey);
  const body = await inputs.get(key, { signal, ...(range && { range }) });
  if (body) return body;
  throw new Failure('source_missing', `${key} is not in the input bucket, and the playlist names it`);
}

async function isPlaylist(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
  return /^(\xef\xbb\xbf)?#EXTM3U/.test(buffer.toString('latin1', 0, bytesRead));
}

async function textOf(path: string): Promise<string> {
  if ((await stat(path)).size <= MOST_PLAYLIST_BYTES) return readFile(path, 'utf8');
  throw new Failure('media_unreadable', `the playlist has more than ${MOST_PLAYLIST_BYTES} bytes`);
}
