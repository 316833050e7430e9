import type { Ask } from '@reverie/models';
import type { Script } from '@reverie/pipelines';
import { offlineScript } from './script-offline.ts';
import { openAiScript } from './script-openai.ts';

/** A chat model where there is one, otherwise the text itself. */
export const openScript = (openai: { ask: Ask; chatModel: string } | undefined): Script =>
  openai ? openAiScript(openai.ask, openai.chatModel) : offlineScript;
