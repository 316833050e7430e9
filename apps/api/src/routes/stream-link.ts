import type { Config } from '../config.ts';

export const streamPath = (jobId: string) => `/jobs/${jobId}/stream`;

/** A browser's EventSource can send no key; this address needs none until it expires. */
export const streamLink = ({ links, linkSeconds }: Config, jobId: string): string =>
  links.signPath(streamPath(jobId), linkSeconds);
