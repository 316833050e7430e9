import { type Fleet, type QueueEntry, queueEntryId } from '@reverie/contracts';
import type { Producer } from '@reverie/queue';

interface Held {
  entry: QueueEntry;
  fleet: Fleet;
  holder: string | undefined;
}

/**
 * What BullMQ promises and nothing more: an id that is there, or that it remembers as finished, is not added again;
 * an entry that a worker holds cannot be removed; an entry whose lease is lost is given to somebody else.
 */
export function stubQueue() {
  const alive = new Map<string, Held>();
  const finished = new Map<string, Held>();

  const producer: Producer = {
    async add(fleet, entries) {
      for (const { task, run } of entries) {
        const id = queueEntryId({ task, run });
        if (!finished.has(id) && !alive.has(id)) alive.set(id, { entry: { task, run }, fleet, holder: undefined });
      }
    },
    async present(fleet) {
      return new Set([...alive].filter(([, held]) => held.fleet === fleet).map(([id]) => id));
    },
    putOff: async () => new Set(),
    async remove(_fleet, entry) {
      const id = queueEntryId(entry);
      if (!alive.get(id)?.holder) alive.delete(id);
      finished.delete(id);
    },
    peek: async () => ({ waiting: 0, active: 0, delayed: 0, entries: [] }),
    async empty() {
      alive.clear();
      finished.clear();
    },
    memory: async () => 0,
    async check() {},
    queues: [],
    async close() {},
  };

  return {
    producer,
    has: (entry: QueueEntry) => alive.has(queueEntryId(entry)),
    /** A free entry; else one that another holds, whose lease is then lost; else a finished one, delivered twice. */
    take(worker: string): QueueEntry | undefined {
      const all = [...alive.values()];
      const next = all.find(({ holder }) => !holder) ?? all.find(({ holder }) => holder !== worker);
      if (next) next.holder = worker;
      return next?.entry ?? [...finished.values()].at(-1)?.entry;
    },
    /** The worker is through with it; `again`: it waits there for its next try. */
    done(worker: string, entry: QueueEntry, { again }: { again: boolean }) {
      const id = queueEntryId(entry);
      const held = alive.get(id);
      if (!held || held.holder !== worker) return; // the lease was lost: somebody else has it
      held.holder = undefined;
      if (again) return;
      alive.delete(id);
      finished.set(id, held);
    },
    /** FLUSHALL. */
    forget() {
      alive.clear();
      finished.clear();
    },
  };
}
export type StubQueue = ReturnType<typeof stubQueue>;
