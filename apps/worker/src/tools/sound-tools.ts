import type { Providers, Services } from '@reverie/models';
import type { Sound, Transcriber } from '@reverie/pipelines';
import { soundByService } from './services/service-sound.ts';
import { ffmpegSound, type SoundPlace } from './sound/sound.ts';
import { openTranscriber } from './transcriber/transcriber.ts';

interface SoundToolsSettings extends SoundPlace {
  providers: Providers;
  services: Services;
}

/** The tools for what is heard, by the services and servers that are configured. */
export function soundTools(settings: SoundToolsSettings): { sound: Sound; transcriber: Transcriber } {
  const { services } = settings;
  return {
    sound: services.normaliser ? soundByService(services.normaliser, services, settings) : ffmpegSound(settings),
    transcriber: openTranscriber(settings),
  };
}
