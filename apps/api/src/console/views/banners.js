import { keyWanted, lacking, reachable, waiting } from '../circumstances.js';
import { h, keyed } from '../dom.js';
import { health } from '../health.js';

const MEANS = /** @type {Record<string, string>} */ ({
  read: 'Jobs and dreams cannot be shown with it.',
  submit: 'It can watch, but not tell dreams, cancel or retry.',
});

/** What a person must know before anything else on the page makes sense. @param {HTMLElement} place */
export function banners(place) {
  place.setAttribute('role', 'status');
  const show = keyed(place, {
    keyOf: (/** @type {{ text: string, hint: string }} */ { text, hint }) => text + hint,
    make: ({ text, hint }) => {
      const element = h('p', { class: 'banner' }, h('strong', {}, text), ' ', h('span', {}, hint));
      return { element, show() {} };
    },
  });
  const look = () => show(keyWanted.get() === undefined ? [...outage(), ...scopes(), ...fleets()] : []);
  for (const what of [reachable, lacking, waiting, health, keyWanted]) what.subscribe(look);
}

function outage() {
  if (!reachable.get()) return [{ text: 'The API cannot be reached.', hint: 'Reconnecting; what you see may be old.' }];
  return Object.entries(health.get()?.checks ?? {})
    .filter(([, { status }]) => status === 'unhealthy')
    .map(([name, { error = '' }]) => ({ text: `The ${name} is not healthy.`, hint: error }));
}

const scopes = () =>
  lacking.get().map((scope) => ({
    text: `This key lacks the scope ${scope}.`,
    hint: `${MEANS[scope] ?? ''} Forget it above and use one that was made with --scopes submit,read.`,
  }));

function fleets() {
  const known = health.get()?.fleets;
  if (!known || !reachable.get()) return [];
  const without = waiting.get().filter(({ fleet }) => !known[fleet]?.workers);
  return [...new Set(without.map(({ fleet }) => fleet))].map((fleet) => ({
    text: `No worker is running for fleet ${fleet}.`,
    hint: `Waiting for one: ${[...new Set(without.filter((it) => it.fleet === fleet).map(({ stage }) => stage))].join(', ')}. Start a worker whose WORKER_FLEETS names ${fleet}.`,
  }));
}
