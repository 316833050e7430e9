export { checkTarget } from './check-target.ts';
export { networkEnvironment } from './config.ts';
export { type Answer, fetchUntrusted, type Untrusted } from './fetch-untrusted.ts';
export { isPublicAddress } from './is-public.ts';
export { patientFetch } from './patient-fetch.ts';
export { type PrivateHosts, privateHosts } from './private-hosts.ts';
export { type RefusedBecause, RefusedTarget } from './refused-target.ts';
export type { Resolve } from './resolve.ts';
