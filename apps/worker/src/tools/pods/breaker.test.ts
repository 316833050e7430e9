import { expect, test } from 'vitest';
import { afterFailure, type Breaker, CLOSED, isOpen, whenTried } from './breaker.ts';

/** `f`: a failure, `w`: a run goes well, `t`: one is tried; a number: so many seconds pass. */
function after(...story: ('f' | 'w' | 't' | number)[]): 'open' | 'closed' {
  let now = 1_000_000;
  let breaker: Breaker = CLOSED;
  for (const what of story) {
    if (typeof what === 'number') now += what * 1_000;
    else
      breaker =
        what === 'w' ? CLOSED : what === 'f' ? afterFailure(breaker, now, 60_000) : whenTried(breaker, now, 60_000);
  }
  return isOpen(breaker, now) ? 'open' : 'closed';
}

test.each<['open' | 'closed', Parameters<typeof after>]>([
  ['closed', []],
  ['closed', ['f', 'f', 'f', 'f']],
  ['closed', ['f', 'f', 'f', 'f', 't']],
  ['open', ['f', 'f', 'f', 'f', 'f']],
  ['closed', ['f', 'f', 'f', 'w', 'f', 'f']],
  ['open', ['f', 'f', 'f', 'f', 'f', 59]],
  ['closed', ['f', 'f', 'f', 'f', 'f', 60]],
  ['open', ['f', 'f', 'f', 'f', 'f', 60, 't']],
  ['open', ['f', 'f', 'f', 'f', 'f', 60, 't', 'f']],
  ['closed', ['f', 'f', 'f', 'f', 'f', 60, 't', 'f', 60]],
  ['closed', ['f', 'f', 'f', 'f', 'f', 60, 't', 'w']],
  ['closed', ['f', 'f', 'f', 'f', 'f', 60, 't', 'w', 'f']],
])('it is %s after %j', (state, story) => {
  expect(after(...story)).toBe(state);
});
