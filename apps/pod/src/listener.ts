import { type Listener, listenByOpenAi, translateBy } from '@reverie/media';
import { openAi, type Providers } from '@reverie/models';
import { patientFetch } from '@reverie/net';

/** Who transcribes here: the server of TRANSCRIBE_BASE_URL or OPENAI_API_KEY. A model on this very machine goes here. */
export function listenerOf({ transcribe, translate }: Providers): Listener | undefined {
  if (!transcribe) return undefined;
  return listenByOpenAi(
    openAi(transcribe, patientFetch),
    transcribe.model,
    translate && translateBy(openAi(translate, patientFetch), translate.model),
  );
}
