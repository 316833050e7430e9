import { openAi } from '@reverie/models';
import type { Imagine, Script, Speech } from '@reverie/pipelines';
import { openAiImagine } from './imagine-openai.ts';
import { openScript } from './script/script.ts';
import { speechBy } from './speech/speech.ts';
import { espeakVoice } from './speech/speech-espeak.ts';
import { openAiVoice } from './speech/speech-openai.ts';
import type { Workplace } from './workplace.ts';

/** OpenAI, and which of its models do what for a dream. */
export interface OpenAiSettings {
  apiKey: string;
  baseUrl?: string | undefined;
  chatModel: string;
  imageModel: string;
  speechModel: string;
  voice: string;
}

interface WordToolsSettings {
  /** Without it, everything is made on this machine. */
  openai?: OpenAiSettings | undefined;
  /** Reads aloud where there is no provider; without it a soundscape plays. */
  espeakPath?: string | undefined;
  ffmpegPath: string;
  /** This attempt's own folder, and how what is made in it gets into the store. */
  place: Workplace;
}

/** The tools for words and voice, by the best that is configured. `imagine` is missing where pictures are drawn by ffmpeg. */
export function wordTools(settings: WordToolsSettings): { script: Script; speech: Speech; imagine?: Imagine } {
  const { openai, espeakPath, place } = settings;
  if (openai) {
    const ask = openAi({ ...openai, named: 'OPENAI' });
    return {
      script: openScript({ ask, chatModel: openai.chatModel }),
      speech: speechBy(openAiVoice(ask, openai, place.path), settings),
      imagine: openAiImagine(ask, openai.imageModel, place),
    };
  }
  return {
    script: openScript(undefined),
    speech: speechBy(espeakPath ? espeakVoice(espeakPath, place.path) : undefined, settings),
  };
}
