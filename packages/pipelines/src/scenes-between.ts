import type { Span } from '@reverie/contracts';

/** A video without cuts is one scene. */
export function scenesBetween(cuts: readonly number[], duration: number): Span[] {
  const inside = [...new Set(cuts)].filter((cut) => cut > 0 && cut < duration).sort((a, b) => a - b);
  const edges = [0, ...inside, duration];
  return edges.slice(1).map((end, i) => ({ start: edges[i]!, end }));
}
