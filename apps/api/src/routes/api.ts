import type { Config } from '../config.ts';
import type { Hub } from '../hub.ts';
import type { Following } from '../jobs/following.ts';
import type { Life } from '../jobs/life.ts';

/** What every route works with. */
export interface Api extends Life {
  config: Config;
  hub: Hub;
  following: Following;
}

export { sightOf } from '../plugins/auth.ts';
