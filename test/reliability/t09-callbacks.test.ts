import { expect, test } from 'vitest';
import { productThatCallsBack } from '../support/callbacks.ts';
import { eventually } from '../support/eventually.ts';
import { killedWhileSending } from '../support/killed-while-sending.ts';
import { report, scaled } from './support/figures.ts';

const setting = await productThatCallsBack();

test('T9: the API is killed two hundred times while it sends; every event arrives, under one id', async () => {
  const kills = scaled(200, 4);
  const { told, sent, idsOf, hurry } = await killedWhileSending(setting, kills);
  const all = async () => [...told].every((job) => idsOf().has(job));
  // Under way for at most 15 s, so what is hurried once in 20 s is never sent twice at a time.
  for (let round = 0; round < 9 && !(await all()); round++) {
    await hurry();
    await eventually('every job to have been told of', all, { seconds: 20 }).catch(() => {});
  }
  expect(await all()).toBe(true);
  const ids = [...idsOf().values()].map((own) => own.size);
  report('T9', `${kills} kills, ${told.size} events, ${sent()} sent, each under one id`, {
    kills,
    events: told.size,
    sent: sent(),
  });
  expect(ids).toEqual(Array(told.size).fill(1));
});
