import { copyButton } from '../copy.js';
import { h, mark, write } from '../dom.js';
import { isUnfinished } from '../names.js';
import { linesOf } from '../track-lines.js';
import { addresses } from './addresses.js';
import { captionsSwitch } from './captions-switch.js';
import { factList, languageName } from './facts.js';
import { placeOf, playlist } from './playlist.js';
import { folded } from './raw.js';
import { transcript } from './transcript.js';

/** @typedef {import('../types.d.ts').Job} Job */
/** @typedef {import('../types.d.ts').Post} Post */

/** What a pod has made of a post's video: the film with its subtitles, the post's fields, and what the pod said. */
export function subtitlesBody() {
  const film = playlist({ at: (seconds) => said.at(seconds), refused });
  const said = transcript({ seek: film.seek });
  const captions = captionsSwitch(film.element);
  const note = h('p', { class: 'note' });
  const copy = copyButton('Copy text', () => text, 'Copy the subtitles as text');
  const facts = factList();
  const fields = addresses('What the post says now');
  const [manifest, answer] = [folded('The manifest'), folded('What the pod answered')];
  const frame = h('div', { class: 'frame' }, film.element);
  const player = h(
    'figure',
    { class: 'player' },
    frame,
    h('figcaption', { class: 'row' }, captions.element, copy, note),
    facts.element,
  );
  const element = h(
    'div',
    { class: 'post' },
    h('div', { class: 'watch' }, player, said.element),
    fields.element,
    h('div', {}, manifest.element, answer.element),
  );
  let text = '';
  let read = '';
  let why = '';
  said.element.hidden = true;

  /** @param {string} trouble */
  function refused(trouble) {
    why = `It cannot be played here (${trouble}); its addresses are below.`;
    write(note, why);
  }

  /** @param {string | null} link */
  async function readLines(link) {
    if (!link || placeOf(link) === read) return;
    read = placeOf(link);
    const lines = await linesOf(link);
    said.element.hidden = !lines;
    copy.hidden = !lines;
    text = (lines ?? []).map((line) => line.text).join('\n');
    if (lines) said.show(lines);
  }

  return {
    element,
    /** @param {Job | undefined} job @param {import('../types.d.ts').About} about */
    show(job, { post }) {
      const making = job !== undefined && isUnfinished(job);
      // A post may have had another job since; what is there now is that one's.
      const own = post && (!job || post.subtitle_job_id === job.job_id) ? post : undefined;
      const master = (!making && own?.links.subtitle_hls_master) || null;
      if (master) film.load(master);
      readLines((!making && own?.links.subtitle_vtt) || null);
      frame.hidden = !master && !making;
      mark(player, 'data-making', making && !master);
      copy.hidden = text === '';
      write(note, making ? doing(job) : why || noteOf(own));
      facts.show(factsOf(job, post, own));
      fields.show(own ? fieldsOf(own) : []);
      for (const [fold, value] of /** @type {const} */ ([
        [manifest, own?.job?.manifest ?? own?.subtitle_manifest],
        [answer, own?.job?.pod_response],
      ])) {
        fold.element.hidden = value === null || value === undefined;
        fold.show(value);
      }
    },
    toggle: film.toggle,
    stop: film.stop,
    find: () => said.focus(),
    captions: captions.toggle,
  };
}

/** What the pod has to say about what it made. @param {Post | undefined} own */
function noteOf(own) {
  const note = own?.job?.manifest?.note;
  return typeof note === 'string' ? note : '';
}

/** @param {Job} job */
const doing = ({ status }) =>
  status === 'queued'
    ? 'It waits for a pod that is free.'
    : 'A pod has it. The film appears here, with its subtitles, once it says what it has made.';

/** @param {Job | undefined} job @param {Post | undefined} post @param {Post | undefined} own */
function factsOf(job, post, own) {
  const { inputKey, sourceLang, targetLang, dubbing, hlsSegment } = job?.input ?? {};
  const manifest = own?.job?.manifest;
  return {
    video: String(inputKey ?? post?.hls_s3_key ?? post?.hls_input_key ?? ''),
    spoken: manifest ? languageName(manifest.language) : sourceLang === 'auto' ? 'finds out' : languageName(sourceLang),
    'translated into': languageName(targetLang),
    dubbing: dubbing === true && 'yes',
    'HLS segments': typeof hlsSegment === 'number' && `${hlsSegment} s`,
    pod: own?.job?.pod,
    'made by': manifest?.provider,
    post: post?.title ?? post?.id,
    'whose post': post?.user_id,
    subtitles: post && (post.has_subtitles ? 'the post has them' : 'the post has none yet'),
    now: post &&
      !own &&
      post.subtitle_job_id && { href: `#/jobs/${post.subtitle_job_id}`, text: 'another job of the post' },
  };
}

/** @param {Post} post */
const fieldsOf = ({ subtitle_vtt_url, subtitle_hls_master, links }) => [
  { label: 'subtitle_vtt_url', address: subtitle_vtt_url, open: links.subtitle_vtt },
  { label: 'subtitle_hls_master', address: subtitle_hls_master, open: links.subtitle_hls_master },
  { label: 'plays anywhere, for a while', address: links.subtitle_hls_master },
];
