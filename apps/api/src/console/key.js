import { keyWanted, lacking } from './circumstances.js';

const NAME = 'reverie.key';

/** The API key, kept as long as this tab is open and nowhere else. */
export const key = {
  get: () => sessionStorage.getItem(NAME),
  /** @param {string} value */
  use(value) {
    sessionStorage.setItem(NAME, value);
    lacking.set([]);
    keyWanted.set(undefined);
  },
  forget() {
    sessionStorage.removeItem(NAME);
    lacking.set([]);
    keyWanted.set('The key is forgotten.');
  },
};
