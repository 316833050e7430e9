export const SERVICE_STATES = ['healthy', 'unhealthy', 'not configured'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

const PATIENCE_MS = 3_000;
/** Anybody may ask for our health as often as he likes; those behind it are asked so often at most. */
const REMEMBER_MS = 5_000;

/** Asks others how they are, and remembers for a moment what they said. Who `mayLack` such a route is well when he answers at all. */
export function healthAsker({ mayLack = false } = {}): (url: string) => Promise<ServiceState> {
  const asked = new Map<string, { until: number; state: Promise<ServiceState> }>();
  return (url) => {
    const before = asked.get(url);
    if (before && before.until > Date.now()) return before.state;
    const state = ask(url, mayLack);
    asked.set(url, { until: Date.now() + REMEMBER_MS, state });
    return state;
  };
}

/** Healthy is who says so; one that only answers 200 is taken at that word, too. */
async function ask(url: string, mayLack: boolean): Promise<ServiceState> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    const said = (await response.json().catch(() => undefined)) as { status?: unknown } | undefined;
    if (mayLack && response.status === 404) return 'healthy';
    return response.ok && said?.status !== 'unhealthy' ? 'healthy' : 'unhealthy';
  } catch {
    return 'unhealthy';
  }
}
