/**
 * hls.js, fetched by the page that needs it and by no other.
 * @returns {Promise<typeof import('hls.js').default>}
 */
export const loadHls = async () => (await import(new URL('hls.mjs', import.meta.url).href)).default;

/**
 * Safari plays playlists itself, with their subtitles and AirPlay. Chromium says that it might, and then shows no subtitles.
 * @param {HTMLVideoElement} video
 */
export const playsPlaylists = (video) =>
  'webkitShowPlaybackTargetPicker' in video && video.canPlayType('application/vnd.apple.mpegurl') !== '';
