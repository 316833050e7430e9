import { keyWanted } from './circumstances.js';
import { fill } from './dom.js';
import { go, route } from './router.js';
import { listen } from './shortcuts.js';
import { banners } from './views/banners.js';
import { helpDialog } from './views/help.js';
import { home } from './views/home.js';
import { jobPage } from './views/job.js';
import { keyDialog } from './views/key.js';
import { strip } from './views/strip.js';

/** Everything on the page, and who shows what. */
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const help = helpDialog();
const atHome = home();
/** @type {{ element: HTMLElement, title: string, stop(): void, cancel(): void, retry(): void } | undefined} */
let page;

strip(/** @type {HTMLElement} */ (document.getElementById('strip')), { help: () => help.showModal() });
banners(/** @type {HTMLElement} */ (document.getElementById('banners')));
document.body.append(help, keyDialog());

route((to) => {
  page?.stop();
  page = undefined;
  if (to.name === 'home') {
    document.title = 'Reverie';
    fill(main, atHome.element);
    atHome.show(to.status);
  } else {
    atHome.hide();
    page = jobPage(to);
    fill(main, page.element);
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
});

listen({
  n: () => (page ? go('#/') : undefined, queueMicrotask(() => setTimeout(atHome.tell))),
  j: () => !page && atHome.move(1),
  k: () => !page && atHome.move(-1),
  '/': () => (page ? go('#/') : undefined, setTimeout(atHome.filter)),
  c: () => (page ?? atHome).cancel(),
  r: () => (page ?? atHome).retry(),
  Escape: () => page && atHome.back(),
  '?': () => help.showModal(),
});

keyWanted.subscribe((why) => document.body.toggleAttribute('data-locked', why !== undefined));
