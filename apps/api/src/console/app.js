import { fill } from './dom.js';
import { route } from './router.js';
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
/** @type {ReturnType<typeof jobPage> | undefined} */
let page;

strip(/** @type {HTMLElement} */ (document.getElementById('strip')), { help: () => help.showModal() });
banners(/** @type {HTMLElement} */ (document.getElementById('banners')));
document.body.append(help, keyDialog());

route((to) => {
  page?.stop();
  page = undefined;
  if (to.name === 'home') {
    document.title = 'Reverie';
    if (!atHome.element.isConnected) fill(main, atHome.element);
    atHome.show(to);
  } else {
    atHome.hide(to.id);
    const shown = jobPage(to);
    page = shown;
    fill(main, shown.element);
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
});

/** Some keys belong to the first page and bring it up from anywhere. @param {() => void} then */
function there(then) {
  if (!page) return then();
  addEventListener('hashchange', then, { once: true });
  atHome.back();
}

listen({
  n: () => there(() => atHome.begin('dream')),
  v: () => there(() => atHome.begin('captions')),
  s: () => there(() => atHome.begin('subtitles')),
  g: () => there(() => atHome.begin('segments')),
  j: () => there(() => atHome.move(1)),
  k: () => there(() => atHome.move(-1)),
  '/': () => (page?.find() ? undefined : there(atHome.filter)),
  p: () => page?.toggle(),
  c: () => (page?.captions() ? undefined : (page ?? atHome).cancel()),
  r: () => (page ?? atHome).retry(),
  Escape: () => page && atHome.back(),
  '?': () => help.showModal(),
});
