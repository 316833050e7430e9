import type { Ability } from '@reverie/contracts';
import { knownAbilities, liveWorkers, type Worker } from '@reverie/db';
import type { Api } from '../routes/api.ts';
import { healthAsker, type ServiceState } from './ask-health.ts';
import { MICROSERVICE_NAMES, MICROSERVICES, type Microservice, remoteOf } from './microservices.ts';

/** Says how the services of document 004 are: those elsewhere by their own word, ours by whether a worker is there. */
export function servicesHealth({ db, config }: Pick<Api, 'db' | 'config'>) {
  const { services } = config;
  const ask = healthAsker();

  return async (): Promise<Record<Microservice, ServiceState>> => {
    // With the database away nobody knows of any worker.
    const [workers, known] = await Promise.all([
      liveWorkers(db).catch((): Worker[] => []),
      knownAbilities(db).catch((): Ability[] => []),
    ]);
    const able = new Set<Ability>([...config.abilities, ...known]);
    const states = MICROSERVICE_NAMES.map(async (name) => {
      const remote = remoteOf(services, name);
      return [name, remote ? await ask(`${remote.url}/health`) : ours(name, workers, able)] as const;
    });
    return Object.fromEntries(await Promise.all(states)) as Record<Microservice, ServiceState>;
  };
}

function ours(name: Microservice, workers: Worker[], able: ReadonlySet<Ability>): ServiceState {
  const { fleet, needs } = { needs: undefined, ...MICROSERVICES[name] };
  if (needs && !able.has(needs)) return 'not configured';
  return workers.some((worker) => worker.fleet === fleet) ? 'healthy' : 'unhealthy';
}

/** Says how each pod is, by its host. */
export function podsHealth({ config }: Pick<Api, 'config'>): () => Promise<Record<string, ServiceState>> {
  const ask = healthAsker({ mayLack: true });
  return async () => {
    const states = config.pods.runUrls.map(async (url) => [new URL(url).host, await ask(new URL('health', url).href)]);
    return Object.fromEntries(await Promise.all(states)) as Record<string, ServiceState>;
  };
}
