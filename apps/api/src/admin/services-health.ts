import type { Ability } from '@reverie/contracts';
import { knownAbilities, liveWorkers, type Worker } from '@reverie/db';
import type { Service } from '@reverie/models';
import type { Api } from '../routes/api.ts';
import { MICROSERVICE_NAMES, MICROSERVICES, type Microservice, remoteOf } from './microservices.ts';

export const SERVICE_STATES = ['healthy', 'unhealthy', 'not configured'] as const;
type ServiceState = (typeof SERVICE_STATES)[number];

const PATIENCE_MS = 3_000;
/** Anybody may ask for our health as often as he likes; the services behind it are asked so often at most. */
const REMEMBER_MS = 5_000;

/** Says how the services of document 004 are: those elsewhere by their own word, ours by whether a worker is there. */
export function servicesHealth({ db, config }: Pick<Api, 'db' | 'config'>) {
  const { services } = config;
  const asked = new Map<Microservice, { until: number; state: Promise<ServiceState> }>();

  const askOnce = (name: Microservice, remote: Service): Promise<ServiceState> => {
    const before = asked.get(name);
    if (before && before.until > Date.now()) return before.state;
    const state = ask(remote);
    asked.set(name, { until: Date.now() + REMEMBER_MS, state });
    return state;
  };

  return async (): Promise<Record<Microservice, ServiceState>> => {
    // With the database away nobody knows of any worker.
    const [workers, known] = await Promise.all([
      liveWorkers(db).catch((): Worker[] => []),
      knownAbilities(db).catch((): Ability[] => []),
    ]);
    const able = new Set<Ability>([...config.abilities, ...known]);
    const states = MICROSERVICE_NAMES.map(async (name) => {
      const remote = remoteOf(services, name);
      return [name, remote ? await askOnce(name, remote) : ours(name, workers, able)] as const;
    });
    return Object.fromEntries(await Promise.all(states)) as Record<Microservice, ServiceState>;
  };
}

function ours(name: Microservice, workers: Worker[], able: ReadonlySet<Ability>): ServiceState {
  const { fleet, needs } = { needs: undefined, ...MICROSERVICES[name] };
  if (needs && !able.has(needs)) return 'not configured';
  return workers.some((worker) => worker.fleet === fleet) ? 'healthy' : 'unhealthy';
}

/** Healthy is who says so; a service that only answers 200 is taken at that word, too. */
async function ask({ url }: Service): Promise<ServiceState> {
  try {
    const response = await fetch(`${url}/health`, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    const said = (await response.json().catch(() => undefined)) as { status?: unknown } | undefined;
    return response.ok && said?.status !== 'unhealthy' ? 'healthy' : 'unhealthy';
  } catch {
    return 'unhealthy';
  }
}
