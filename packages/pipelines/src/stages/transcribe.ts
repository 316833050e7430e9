import { Segment, Span, Transcript } from '@reverie/contracts';
import { z } from 'zod';
import { cutAtRests } from '../cut-at-rests.ts';
import { fanOut } from '../stage.ts';
import { Recording } from './normalise-sound.ts';

/** Short enough for every provider's limits of size and time: 10 minutes of 16 kHz mono FLAC are at most 19 MB. */
const MOST_SECONDS = 600;

const Heard = z.object({
  language: z.string(),
  segments: z.array(Segment),
  provider: z.string(),
  cost: z.number(),
  service: z.string().optional(),
});

/** Long recordings are cut at silences; each piece is a task of its own, and a lost one is transcribed again alone. */
export const transcribe = fanOut({
  name: 'transcribe',
  fleet: 'io',
  weight: 4,
  provider: 'transcription',
  // Ten minutes of sound on a slow CPU server take as long.
  limits: { seconds: 3_600, stillSeconds: 900, attempts: 4 },
  needs: z.object({
    recording: Recording.nullable(),
    language: z.string(),
    languageOut: z.string().optional(),
    transcription: z.boolean().optional(),
  }),
  gives: z.object({ transcript: Transcript.nullable(), transcribedBy: z.string().optional() }),
  item: Span,
  part: Heard,
  leftOut: {
    when({ recording, transcription = true }) {
      if (!transcription) return 'it was not asked for';
      return recording ? undefined : 'the video has no sound';
    },
    gives: { transcript: null },
  },
  split: ({ recording }) => cutAtRests(recording!.duration, recording!.rests, MOST_SECONDS),
  async run(piece, { recording, language, languageOut }, { tools, ...run }) {
    const heard = await tools.transcriber.hear(recording!.audio, piece, { language, languageOut }, run);
    // Thousandths, as subtitles have them: all files tell the same times.
    const within = (time: number) => thousandth(Math.min(piece.end, piece.start + Math.max(0, time)));
    const segments = heard.segments.map(({ text, start, end }) => ({ text, start: within(start), end: within(end) }));
    return { ...heard, segments };
  },
  join(parts) {
    const segments = parts.flatMap((part) => part.segments);
    return {
      transcript: {
        text: segments.map(({ text }) => text).join(' '),
        // Nobody knows the language of a piece in which nothing is said.
        language: parts.find(({ language }) => language !== 'unknown')?.language ?? 'unknown',
        segments,
        provider: parts[0]?.provider ?? 'none',
        cost: parts.reduce((sum, { cost }) => sum + cost, 0),
      },
      ...(parts[0]?.service !== undefined && { transcribedBy: parts[0].service }),
    };
  },
});

const thousandth = (seconds: number) => Math.round(seconds * 1_000) / 1_000;
