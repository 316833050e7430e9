import type { Imagine, Script, Speech } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { openAiImagine } from './imagine-openai.ts';
import { type OpenAiSettings, openAi } from './openai.ts';
import { openScript } from './script.ts';
import { speechBy } from './speech.ts';
import { espeakVoice } from './speech-espeak.ts';
import { openAiVoice } from './speech-openai.ts';

export interface WordToolsSettings {
  /** Without it, everything is made on this machine. */
  openai?: OpenAiSettings | undefined;
  /** Reads aloud where there is no provider; without it a soundscape plays. */
  espeakPath?: string | undefined;
  ffmpegPath: string;
  store: Store;
  /** This attempt's own folder: absolute, there, and emptied by whoever made it. */
  folder: string;
}

/** The tools for words and voice, by the best that is configured. `imagine` is missing where pictures are drawn by ffmpeg. */
export function wordTools(settings: WordToolsSettings): { script: Script; speech: Speech; imagine?: Imagine } {
  const { openai, espeakPath, store, folder } = settings;
  if (openai) {
    const ask = openAi(openai);
    return {
      script: openScript({ ask, chatModel: openai.chatModel }),
      speech: speechBy(openAiVoice(ask, openai, folder), settings),
      imagine: openAiImagine(ask, openai.imageModel, store),
    };
  }
  return {
    script: openScript(undefined),
    speech: speechBy(espeakPath ? espeakVoice(espeakPath, folder) : undefined, settings),
  };
}
