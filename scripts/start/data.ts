import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withEnvFile } from '@reverie/contracts';

/** Everything `npm start` keeps is in here. */
export const DATA = resolve(withEnvFile(process.env).REVERIE_DATA || '.reverie');
export const inData = (name: string) => join(DATA, name);

/** Made once, so that a worker of the last start and links given out before are still good. */
export function reportSecret(): string {
  const file = inData('report-secret');
  mkdirSync(DATA, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
