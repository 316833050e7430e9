import { allEnded, type Lane, LINK_NAMES, LINKS, type LinkName, openLane, wrongJobs } from './lane.ts';

/** The n-th message that a job's life puts on a link, and on which side of it the process that says it dies. */
export interface CrashPoint {
  link: LinkName;
  nth: number;
  side: 'cut before' | 'cut after';
}

/** How many messages one whole job puts on each link. */
export async function messagesOfAJob(lane: Lane): Promise<Record<LinkName, number>> {
  const seen = Object.fromEntries(LINK_NAMES.map((link) => [link, 0])) as Record<LinkName, number>;
  for (const link of LINK_NAMES) {
    lane.links[link].onAsk(() => {
      seen[link] += 1;
      return 'pass';
    });
  }
  const id = await lane.submit();
  await allEnded(lane.client, [id], 30);
  for (const link of LINK_NAMES) lane.links[link].onAsk(() => 'pass');
  return seen;
}

export const crashPoints = (messages: Record<LinkName, number>): CrashPoint[] =>
  LINK_NAMES.flatMap((link) =>
    Array.from({ length: messages[link] }, (_, index) => index + 1).flatMap((nth) => [
      { link, nth, side: 'cut before' as const },
      { link, nth, side: 'cut after' as const },
    ]),
  );

export interface Crash {
  at: CrashPoint;
  /** False: the job was done before so many messages had been said. */
  killed: boolean;
  /** From when everybody was up again to the job's end. */
  ms: number;
  wrong: string[];
}

/** One job, one death at exactly that message, everybody up again; and what became of the job. */
async function crashAt(lane: Lane, at: CrashPoint): Promise<Crash> {
  await lane.up();
  const death = Promise.withResolvers<void>();
  let killed = false;
  let seen = 0;
  lane.links[at.link].onAsk(
    () => {
      if (killed) return 'pass';
      seen += 1;
      if (seen < at.nth) return 'pass';
      killed = true;
      return at.side;
    },
    () => {
      lane.kill(LINKS[at.link]);
      death.resolve();
    },
  );
  const submitted = lane.submit();
  const done = submitted.then((id) => allEnded(lane.client, [id], 120));
  await Promise.race([death.promise, done]);
  if (killed) await lane.up();
  const upAt = performance.now();
  lane.links[at.link].onAsk(() => 'pass');
  const id = await submitted;
  await done.catch(() => {}); // what has not ended is wrong below
  const ms = performance.now() - upAt;
  return { at, killed, ms, wrong: await wrongJobs(lane.client, [id]) };
}

/** All of the points `choose` wants, several lanes side by side. */
export async function crashEverywhere({
  lanes,
  choose = (points) => points,
}: {
  lanes: number;
  choose?: (points: CrashPoint[]) => CrashPoint[];
}): Promise<{ crashes: Crash[]; messages: Record<LinkName, number> }> {
  const open = await Promise.all(Array.from({ length: lanes }, () => openLane()));
  try {
    await Promise.all(open.map((lane) => lane.up()));
    await messagesOfAJob(open[0]!); // the first one is longer: connections are opened
    const messages = await messagesOfAJob(open[0]!);
    const points = choose(crashPoints(messages));
    const crashes: Crash[] = [];
    await Promise.all(
      open.map(async (lane) => {
        for (let at = points.pop(); at; at = points.pop()) crashes.push(await crashAt(lane, at));
      }),
    );
    return { crashes, messages };
  } finally {
    await Promise.all(open.map((lane) => lane[Symbol.asyncDispose]()));
  }
}

export const said = ({ at, ms, wrong }: Crash): string =>
  `${LINKS[at.link]} died ${at.side === 'cut before' ? 'before' : 'after'} message ${at.nth} of ${at.link}: ` +
  `${Math.round(ms)} ms, ${wrong.join('; ') || 'right'}`;
