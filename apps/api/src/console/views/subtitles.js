/** Of two lines that touch, players show both for a moment. */
const TOUCH = 0.001;

/**
 * The words over the film, as its own caption track: made here, so that nothing is fetched, and the browser's CC button works.
 * @param {HTMLMediaElement} element
 */
export function subtitles(element) {
  /** @type {TextTrack | undefined} */
  let track;
  let shown = '';
  return {
    /** @param {readonly { text: string, start: number, end: number }[]} segments @param {string | null} language */
    show(segments, language) {
      const all = JSON.stringify(segments);
      if (all === shown) return;
      shown = all;
      track ??= element.addTextTrack(
        'captions',
        'Captions',
        /^[a-z]{2,3}$/i.test(language ?? '') ? (language ?? '') : '',
      );
      track.mode = 'showing';
      for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
      for (const { start, end, text } of segments) track.addCue(new VTTCue(start, end - TOUCH, asCueText(text)));
    },
  };
}

/** Cues know a few tags; what somebody said has none. @param {string} text */
const asCueText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
