import { Failure, type Span } from '@reverie/contracts';
import { addInput, audioOf, ffmpeg, ffprobe, levelIn, percentOf, restsIn, soundGraph } from '@reverie/media';
import type { Running, Sound, SoundWish } from '@reverie/pipelines';
import { faultOfInput } from '../footage/input-fault.ts';
import type { Workplace } from '../workplace.ts';

export interface SoundPlace {
  ffmpegPath: string;
  ffprobePath: string;
  place: Workplace;
}

/** Normalises sound on this machine. */
export const ffmpegSound = (here: SoundPlace): Sound => ({
  async normalise(media, { isolateVocals, ...wish }, { key }, run) {
    if (isolateVocals) {
      throw new Failure('not_configured', 'voices can be isolated by a service alone: set AUDIO_NORMALIZATION_URL');
    }
    await here.place.fetchTo(media, SOURCE, run.signal);
    return keepFlac(await toFlac(SOURCE, wish, { ...here, ...run }), key, { ...here, ...run });
  },
});

const SOURCE = 'sound-source';
const FLAC = 'normalised.flac';

interface Fit {
  duration: number;
  rests: Span[];
}

/** Makes FLAC of the sound in a file of the folder: one decode, one encode, and a list of rests on the way. */
export async function toFlac(
  source: string,
  wish: Omit<SoundWish, 'isolateVocals'>,
  { ffmpegPath, ffprobePath, place, signal, progress }: SoundPlace & Running,
): Promise<Fit> {
  const cwd = place.path;
  const probe = await ffprobe(source, { ffprobePath, cwd, signal, kind: 'source' });
  const track = audioOf(probe);
  if (!track) throw new Failure('media_no_audio', 'the file has no sound');
  const graph = soundGraph(wish, {
    sampleRate: track.sample_rate ?? 48_000,
    channels: track.channels ?? 2,
    lateSeconds: Math.max(0, (track.start_time ?? 0) - (probe.format.start_time ?? 0)),
  });
  const number = probe.streams.filter(({ codec_type }) => codec_type === 'audio').indexOf(track);

  const levels: number[] = [];
  const follow = percentOf(probe.format.duration ?? 0, progress);
  const trace = await ffmpeg(
    (command) =>
      addInput(command, { name: source, kind: 'source' })
        .complexFilter(`[0:a:${number}]${graph.filters}[fit]`)
        .output(`file:${FLAC}`)
        .outputOptions('-map', '[fit]', '-c:a', 'flac', '-sample_fmt', 's16', '-map_metadata', '-1', '-bitexact'),
    {
      ...{ ffmpegPath, cwd, signal },
      onLine(line) {
        follow(line);
        const level = levelIn(line);
        if (level !== undefined) levels.push(level);
      },
    },
  ).catch(faultOfInput);
  if (levels.length === 0) throw new Failure('media_unreadable', 'its sound cannot be decoded', { trace });
  const made = await ffprobe(FLAC, { ffprobePath, cwd, signal });
  const duration = made.format.duration ?? levels.length * graph.windowSeconds;
  return { duration, rests: restsIn(levels, graph.windowSeconds, duration) };
}

export async function keepFlac(fit: Fit, key: string, { place, signal }: { place: Workplace; signal: AbortSignal }) {
  return { ...fit, audio: await place.keep(FLAC, { key, contentType: 'audio/flac' }, signal) };
}
