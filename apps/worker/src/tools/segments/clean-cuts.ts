/** A frame by its number in the order of decoding, and when it is shown. */
export interface FrameAt {
  frame: number;
  pts: number;
}

/**
 * Finds where a video may be cut, from its packets in the order of decoding: at a keyframe before which everything is
 * shown earlier and after which everything later. An open group of pictures, whose first frames need the group before,
 * is no such place.
 */
export function cleanCuts() {
  const cuts: FrameAt[] = [];
  let latest = -Infinity;
  return {
    see(at: FrameAt, isKey: boolean) {
      while (cuts.length > 0 && cuts.at(-1)!.pts >= at.pts) cuts.pop();
      // What comes first is the beginning, and no cut.
      if (isKey && at.pts > latest && at.frame > 0) cuts.push(at);
      latest = Math.max(latest, at.pts);
    },
    found: (): FrameAt[] => cuts,
  };
}
