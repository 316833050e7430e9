import { listen } from '@reverie/db';
import { type Follower, openFeed, type Reading } from './feed.ts';

export interface Following {
  /** Tells of a job until the function that comes back is called. Never before it has come back. */
  follow(jobId: string, follower: Follower): () => void;
  /** Everybody is told that this is the end. */
  close(): Promise<void>;
}

/** All who wait for a job or watch one, whichever process moves it: one connection hears the commits for all of them. */
export function startFollowing(reading: Reading, databaseUrl: string): Following {
  const feeds = new Map<string, ReturnType<typeof openFeed>>();
  let closed = false;

  const ear = listen(databaseUrl, ['reverie_events'], (_channel, jobId) => {
    if (jobId !== undefined) feeds.get(jobId)?.ask();
    else for (const feed of feeds.values()) feed.ask();
  });

  function feedOf(jobId: string) {
    const open = feeds.get(jobId) ?? openFeed(reading, jobId);
    if (!feeds.has(jobId)) open.ask();
    feeds.set(jobId, open);
    return open;
  }

  return {
    follow(jobId, follower) {
      if (closed) {
        queueMicrotask(follower.end);
        return () => {};
      }
      const feed = feedOf(jobId);
      feed.add(follower);
      return () => {
        if (feed.remove(follower) || feeds.get(jobId) !== feed) return;
        feed.close();
        feeds.delete(jobId);
      };
    },
    async close() {
      closed = true;
      for (const feed of [...feeds.values()]) for (const follower of [...feed.followers]) follower.end();
      await ear.close();
    },
  };
}
