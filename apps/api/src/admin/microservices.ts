import type { Ability, Fleet } from '@reverie/contracts';
import type { Service, Services } from '@reverie/models';

/** The three services document 004 knows. Where none is configured, a fleet of ours does the stages. */
export const MICROSERVICES = {
  'video-downloader': { by: 'downloader', fleet: 'io', stages: ['download'] },
  'audio-normalization': { by: 'normaliser', fleet: 'cpu', stages: ['normalise'] },
  'audio-transcriber': { by: 'transcriber', fleet: 'io', stages: ['transcribe'], needs: 'transcribe' },
} as const satisfies Record<
  string,
  {
    by: 'downloader' | 'normaliser' | 'transcriber';
    fleet: Fleet;
    stages: readonly string[];
    /** What somebody must have set up for it. */
    needs?: Ability;
  }
>;

export type Microservice = keyof typeof MICROSERVICES;
export const MICROSERVICE_NAMES = Object.keys(MICROSERVICES) as [Microservice, ...Microservice[]];

export const remoteOf = (services: Services, name: Microservice): Service | undefined =>
  services[MICROSERVICES[name].by];

/** Whose work a stage is; undefined for stages that document 004 does not know. */
export const microserviceOf = (stage: string): Microservice | undefined =>
  MICROSERVICE_NAMES.find((name) => (MICROSERVICES[name].stages as readonly string[]).includes(stage));
