import type { Film, Imagine, Script, Speech } from './tools/dream.ts';
import type { Files, Media } from './tools/files.ts';
import type { Footage } from './tools/footage.ts';
import type { Embedder, Vision } from './tools/models.ts';
import type { Pods } from './tools/pods.ts';
import type { Segments } from './tools/segments.ts';
import type { Sound, Transcriber } from './tools/sound.ts';
import type { Sources } from './tools/sources.ts';

export type * from './tools/dream.ts';
export type * from './tools/files.ts';
export type * from './tools/footage.ts';
export type * from './tools/models.ts';
export type * from './tools/pods.ts';
export type * from './tools/running.ts';
export type * from './tools/segments.ts';
export type * from './tools/sound.ts';
export type * from './tools/sources.ts';

/** The outside world as stages see it. The worker gives the real ones; a stage never spawns, fetches or reads a path. */
export interface Tools {
  script: Script;
  imagine: Imagine;
  speech: Speech;
  film: Film;
  media: Media;
  files: Files;
  sources: Sources;
  sound: Sound;
  transcriber: Transcriber;
  footage: Footage;
  vision: Vision;
  embedder: Embedder;
  pods: Pods;
  segments: Segments;
}
