import {
  holdPostToWatch,
  inputKeyOf,
  jobsOfGonePosts,
  knownAbilities,
  type Post,
  postsToWatch,
  type Tx,
  tasksOf,
  updatePost,
} from '@reverie/db';
import { subtitles } from '@reverie/pipelines';
import { cancel } from '../jobs/cancel.ts';
import { hash } from '../jobs/hash.ts';
import { givenSoFar } from '../jobs/stages.ts';
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
  for (const { id } of await jobsOfGonePosts(inlet.db)) await callOff(inlet, id, 'the post is gone');
  // Without a pod nothing could be done for them; they stay as they are, and are found when there is one.
  if (!(await hasPods(inlet))) return;
  for (;;) {
    const found = await postsToWatch(inlet.db, { users, limit: AT_ONCE });
    let begun = 0;
    for (const { id, liveJobId } of found) {
      if (signal.aborted) return;
      if (liveJobId !== null) await callOff(inlet, liveJobId, 'the post names another video now');
      if (await begin(inlet, id)) begun++;
    }
    // What is left another process is at.
    if (begun === 0) return;
  }
};

const hasPods = async ({ db, house }: Inlet): Promise<boolean> =>
  house.abilities.includes('run pods') || (await knownAbilities(db)).includes('run pods');

const callOff = (inlet: Inlet, jobId: string, why: string) =>
  cancel(inlet, jobId, {}, why).catch((error) => {
    if (!(error instanceof Refusal)) throw error; // it has ended by itself
  });

/** The post is held from the look at it to the commit: two who watch never begin the same one. */
const begin = (inlet: Inlet, id: string): Promise<boolean> =>
  inlet.db.transaction(async (tx) => {
    const post = await holdPostToWatch(tx, id);
    if (!post) return false;
    const inputKey = inputKeyOf(post)!;
    try {
      const created = await submitFor(tx, inlet, post, inputKey);
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

/** The same video again, after another one: what came of it is there already, unless nothing has. False: it is. */
async function submitFor(tx: Tx, inlet: Inlet, post: Post, inputKey: string): Promise<boolean> {
  const input = { postId: post.id, inputKey, ...wishesOf(post) };
  const wished = hash({ ...inlet.house.defaults[subtitles.name], ...input }).slice(0, 16);
  for (let key = `post:${post.id}:${wished}`; ; ) {
    const submission = { owner: post.owner, pipeline: subtitles.name, priority: 'normal' as const, key, input };
    const { job, created } = await submit(tx, inlet, submission);
    if (created) return true;
    if (job.status !== 'failed' && job.status !== 'cancelled') {
      await updatePost(tx, post.id, { subtitleKey: inputKey });
      await inlet.subjects[subtitles.name]?.moved?.(tx, job, givenSoFar(subtitles, job, await tasksOf(tx, [job.id])));
      return false;
    }
    key = `post:${post.id}:after:${job.id}`;
  }
}

const wishesOf = ({ sourceLang, targetLang, enableDubbing }: Post) => ({
  ...(sourceLang && { sourceLang }),
  ...(targetLang && { targetLang }),
  ...(enableDubbing !== null && { dubbing: enableDubbing }),
});
