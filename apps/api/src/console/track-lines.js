/** @typedef {import('./views/lines.js').Segment} Segment */

/** Longer than any subtitles take; a file that is gone says so at once. */
const PATIENCE_MS = 30_000;

/**
 * The lines of a WebVTT file, as the browser itself reads them.
 * @param {string} url
 * @returns {Promise<Segment[] | undefined>} undefined: it is not there, or is none
 */
export function linesOf(url) {
  const track = document.createElement('track');
  track.kind = 'metadata';
  const place = document.createElement('video');
  place.crossOrigin = 'anonymous'; // the storage is elsewhere
  place.append(track);
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), PATIENCE_MS);
    track.onload = () => resolve(/** @type {VTTCue[]} */ ([...(track.track.cues ?? [])]).map(lineOf));
    track.onerror = () => resolve(undefined);
    track.src = url;
    track.track.mode = 'hidden'; // only then is it fetched
  });
}

/** Without the tags that make letters slant. @param {VTTCue} cue @returns {Segment} */
const lineOf = (cue) => ({
  text: (cue.getCueAsHTML().textContent ?? cue.text).replace(/\s*\n\s*/g, ' ').trim(),
  start: cue.startTime,
  end: cue.endTime,
});
