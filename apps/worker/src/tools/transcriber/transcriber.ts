import { ABILITIES, Failure } from '@reverie/contracts';
import { cutPiece, type Listener, listenByOpenAi, translateBy, UNKNOWN } from '@reverie/media';
import { openAi, type Providers, type Services } from '@reverie/models';
import { patientFetch } from '@reverie/net';
import type { Transcriber } from '@reverie/pipelines';
import { listenByService } from '../services/service-listener.ts';
import type { Workplace } from '../workplace.ts';

interface TranscriberSettings {
  providers: Providers;
  services: Services;
  ffmpegPath: string;
  place: Workplace;
}

/** Cuts pieces out of recordings and has them transcribed. */
export function openTranscriber(settings: TranscriberSettings): Transcriber {
  const { ffmpegPath, place } = settings;
  const listener = listenerOf(settings);
  return {
    async hear(audio, span, wish, run) {
      if (!listener) throw new Failure('not_configured', `nobody can transcribe here: ${ABILITIES.transcribe}`);
      await place.fetchTo(audio, RECORDING, run.signal);
      const piece = await cutPiece(RECORDING, span, { ffmpegPath, cwd: place.path, signal: run.signal });
      run.progress(2);
      if (!piece.silent) return listener.listen(piece, wish, run);
      // Whisper would make something up.
      return { language: UNKNOWN, segments: [], provider: listener.name, cost: 0 };
    },
  };
}

const RECORDING = 'recording';

function listenerOf({ services, providers }: TranscriberSettings): Listener | undefined {
  if (services.transcriber) return listenByService(services.transcriber, services);
  if (!providers.transcribe) return undefined;
  const { transcribe, translate } = providers;
  return listenByOpenAi(
    openAi(transcribe, patientFetch),
    transcribe.model,
    translate && translateBy(openAi(translate, patientFetch), translate.model),
  );
}
