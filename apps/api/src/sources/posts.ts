import { holdPostToWatch, inputKeyOf, knownAbilities, type Post, postsToWatch, updatePost } from '@reverie/db';
import { subtitles } from '@reverie/pipelines';
import { cancel } from '../jobs/cancel.ts';
import { hash } from '../jobs/hash.ts';
import { submit } from '../jobs/submit.ts';
import { Refusal } from '../refusal.ts';
import { inRounds } from './rounds.ts';
import type { Inlet, Source } from './source.ts';

const AT_ONCE = 100;

/** Rows of `posts`, whoever writes them: one job for a post and the video it names, however often and late it is seen. */
export const postsSource =
  ({ users }: { users: readonly string[] }): Source =>
  (inlet, signal) =>
    inRounds(inlet, { channel: 'reverie_posts', what: 'posts' }, round(inlet, users, signal), signal);

const round = (inlet: Inlet, users: readonly string[], signal: AbortSignal) => async () => {
  // Without a pod nothing could be done for them; they stay as they are, and are found when there is one.
  if (!(await hasPods(inlet))) return;
  for (;;) {
    const found = await postsToWatch(inlet.db, { users, limit: AT_ONCE });
    let begun = 0;
    for (const { id, liveJobId } of found) {
      if (signal.aborted) return;
      if (liveJobId !== null) await callOff(inlet, liveJobId);
      if (await begin(inlet, id)) begun++;
    }
    // What is left another process is at.
    if (begun === 0) return;
  }
};

const hasPods = async ({ db, house }: Inlet): Promise<boolean> =>
  house.abilities.includes('run pods') || (await knownAbilities(db)).includes('run pods');

/** The post names another video now, and has one job at a time. */
const callOff = (inlet: Inlet, jobId: string) =>
  cancel(inlet, jobId, {}, 'the post names another video now').catch((error) => {
    if (!(error instanceof Refusal)) throw error; // it has ended by itself
  });

/** The post is held from the look at it to the commit: two who watch never begin the same one. */
const begin = (inlet: Inlet, id: string): Promise<boolean> =>
  inlet.db.transaction(async (tx) => {
    const post = await holdPostToWatch(tx, id);
    if (!post) return false;
    const inputKey = inputKeyOf(post)!;
    try {
      const { created } = await submit(tx, inlet, {
        owner: post.owner,
        pipeline: subtitles.name,
        priority: 'normal',
        key: `post:${post.id}:${hash(inputKey).slice(0, 16)}`,
        input: { postId: post.id, inputKey, ...wishesOf(post) },
      });
      // The same video again, after another one: its job is there, and so is what came of it.
      if (!created) await updatePost(tx, post.id, { subtitleKey: inputKey });
      inlet.tally.count('posts', created ? 'accepted' : 'known');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const told = (error.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
      const subtitleError = `${error.code}: ${told || error.message}`;
      await updatePost(tx, post.id, { subtitleKey: inputKey, subtitleStatus: 'failed', subtitleError });
      inlet.tally.count('posts', 'rejected');
      inlet.log.warn({ post: post.id, error: subtitleError }, 'a post cannot be worked on');
    }
    return true;
  });

const wishesOf = ({ sourceLang, targetLang, enableDubbing }: Post) => ({
  ...(sourceLang && { sourceLang }),
  ...(targetLang && { targetLang }),
  ...(enableDubbing !== null && { dubbing: enableDubbing }),
});
