import { describe, expect, test } from 'vitest';
import { areSeldom, chooseCuts } from './choose-cuts.ts';
import { cleanCuts } from './clean-cuts.ts';

/** `K` and `p`: keyframes and others, in the order of decoding; the number is when each is shown. */
function cutsIn(packets: string): number[] {
  const clean = cleanCuts();
  packets.split(' ').forEach((packet, frame) => {
    clean.see({ frame, pts: Number(packet.slice(1)) }, packet.startsWith('K'));
  });
  return clean.found().map(({ frame }) => frame);
}

describe('a clean cut', () => {
  test.each([
    ['is at a keyframe, but not at the first', 'K0 p1 p2 K3 p4', [3]],
    ['is behind all B-frames of the group before', 'K0 p3 p1 p2 K4 p6 p5', [4]],
    ['is not in an open group, whose first frames need the one before', 'K0 p2 p1 K6 p4 p5 K9 p8 p7', []],
    ['may come after an open group', 'K0 p2 p1 K5 p3 p4 p6 K7 p9 p8', [7]],
    ['is not where a frame of the group before is shown later', 'K0 p4 K3 p5 K6', [4]],
    ['is undone by a late frame, however much later it comes', 'K0 p1 K2 p3 K4 p5 p2 K6', [7]],
  ])('%s', (_, packets, frames) => expect(cutsIn(packets)).toEqual(frames));
});

describe('cuts', () => {
  const at = (...seconds: number[]) => seconds.map((second) => ({ at: second }));
  test.each([
    ['are the nearest to multiples', [1, 1.9, 2.2, 4.1, 5.9], { wish: 2, total: 8 }, [1.9, 4.1, 5.9]],
    ['are each chosen once', [5], { wish: 2, total: 10 }, [5]],
    ['leave a frame over where it is one', [2, 4], { wish: 2, total: 4.04 }, [2, 4]],
    ['are none where the end is nearer', [1, 2, 2.6], { wish: 1, total: 3.003 }, [1, 2]],
    ['are none of nothing', [], { wish: 2, total: 9 }, []],
  ])('%s', (_, cuts, how, chosen) => expect(chooseCuts(at(...cuts), how)).toEqual(at(...chosen)));

  test.each([
    [[10, 20], { wish: 10, total: 30 }, false],
    [[10], { wish: 10, total: 45 }, true],
    [[], { wish: 2, total: 15 }, false],
    [[], { wish: 2, total: 15.1 }, true],
    [[40, 80], { wish: 30, total: 120 }, false],
  ])('%j of %j are too few: %s', (cuts, how, seldom) => expect(areSeldom(at(...cuts), how)).toBe(seldom));
});
