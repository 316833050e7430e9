import { Artifact, Failure, Transcript } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { asSrt, asVtt } from '../subtitle-text.ts';

/** The transcript as files, all of them from the same segments. */
export const subtitleFiles = step({
  name: 'subtitles',
  fleet: 'io',
  needs: z.object({ transcript: Transcript.nullable() }),
  gives: z.object({ files: z.object({ srt: Artifact, vtt: Artifact, json: Artifact }) }),
  async run({ transcript }, { tools, key, signal }) {
    if (!transcript) throw new Failure('internal', 'there is no transcript to write');
    const write = (name: string, text: string) => tools.files.write(key(name), text, signal);
    return {
      files: {
        srt: await write('transcription.srt', asSrt(transcript.segments)),
        vtt: await write('transcription.vtt', asVtt(transcript.segments)),
        json: await write('transcription.json', `${JSON.stringify(transcript, null, 2)}\n`),
      },
    };
  },
});
