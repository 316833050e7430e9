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
  /** And with it everything on the page that it let somebody see. */
  forget() {
    sessionStorage.removeItem(NAME);
    location.reload();
  },
};
