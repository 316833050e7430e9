import type { Config } from '../config.ts';
import type { Hub } from '../hub.ts';
import type { Following } from '../jobs/following.ts';
import type { Life } from '../jobs/life.ts';
import type { Tally } from '../sources/tally.ts';

/** What every route works with. */
export interface Api extends Life {
  config: Config;
  hub: Hub;
  following: Following;
  /** What sources have brought. */
  tally: Tally;
}

export { sightOf } from '../plugins/auth.ts';
