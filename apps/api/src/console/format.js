const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @param {number} bytes */
export function size(bytes) {
  const step = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1);
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}

/** @param {number} ms */
export function span(ms) {
  const seconds = Math.max(ms, 0) / 1000;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.round(minutes / 1440)} days`;
}

/** @param {string} time @param {number} [now] */
export function age(time, now = Date.now()) {
  const seconds = (now - Date.parse(time)) / 1000;
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
}

const CLOCK = /** @type {const} */ ({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** @param {string | null} time */
export const clock = (time) =>
  time === null ? '–' : new Date(time).toLocaleTimeString(undefined, { ...CLOCK, fractionalSecondDigits: 1 });

/** A place in a film, as players show it. @param {number} seconds */
export function minute(seconds) {
  const two = (/** @type {number} */ figure) => String(Math.floor(figure)).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** @param {number} percent */
export const percent = (percent) => `${Math.round(percent)} %`;

/** @param {string} text @param {number} max */
export const clip = (text, max) => ([...text].length > max ? `${[...text].slice(0, max).join('').trimEnd()}…` : text);
