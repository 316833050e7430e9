import { difference } from './thumbnail.ts';

/** Mean difference of the three planes, together, of 255 each: less is not a new picture. */
const LEAST_CHANGE = 8;
/** What changes as much as its neighbours is a pan, a fade or noise. One neighbour may: a blended frame stands between two shots. */
const NEIGHBOUR_SECONDS = 0.2;
const NEIGHBOURS_ALIKE = 1;
/** What looks again as it did within so long was a flash, and what is gone again is no scene. */
const SHORTEST_SECONDS = 0.5;

/**
 * Finds hard cuts in thumbnails of every frame as they come; remembers no more than a second of them. A cut is where
 * the picture changes much, much more than just before and after, and nothing of the half second that follows looks
 * like anything of the half second before.
 */
export function cutFinder(fps: number): { see(thumbnail: Uint8Array): void; finish(): number[] } {
  const near = Math.floor(NEIGHBOUR_SECONDS * fps + 1e-6);
  const reach = Math.max(1, Math.round(SHORTEST_SECONDS * fps));
  const cuts: number[] = [];
  const thumbnails = new Map<number, Uint8Array>();
  const changes = new Map<number, number>();
  let seen = 0;
  let judged = 0;

  const changeAt = (frame: number) => changes.get(frame) ?? 0;
  const from = (first: number, count: number) =>
    Array.from({ length: count }, (_, i) => thumbnails.get(first + i)).filter((it) => it !== undefined);

  const isCut = (frame: number): boolean => {
    const change = changeAt(frame);
    if (change < LEAST_CHANGE || frame - (cuts.at(-1) ?? 0) < reach) return false;
    let alike = -1; // itself
    for (let other = frame - near; other <= frame + near; other++) if (changeAt(other) >= change / 2) alike++;
    if (alike > NEIGHBOURS_ALIKE) return false;
    const before = from(frame - reach, reach);
    const after = from(frame, reach);
    return before.every((earlier) => after.every((later) => difference(earlier, later) >= change / 2));
  };

  const judge = () => {
    if (isCut(judged)) cuts.push(judged);
    thumbnails.delete(judged - reach);
    changes.delete(judged - reach);
    judged++;
  };

  return {
    see(thumbnail) {
      const before = thumbnails.get(seen - 1);
      thumbnails.set(seen, thumbnail);
      if (before) changes.set(seen, difference(before, thumbnail));
      seen++;
      while (judged + reach < seen) judge();
    },
    finish() {
      while (judged < seen) judge();
      return cuts.map((frame) => frame / fps);
    },
  };
}
