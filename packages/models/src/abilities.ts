import type { Ability } from '@reverie/contracts';
import type { PodSettings } from './pods.ts';
import type { Providers } from './providers.ts';
import type { Services } from './services.ts';

/** What these settings make possible. What is installed on a worker comes on top. */
export const abilitiesOf = (
  providers: Providers,
  { downloader, normaliser, transcriber }: Services,
  { pods, sourceBuckets }: { pods: PodSettings; sourceBuckets: readonly string[] },
): Ability[] => [
  ...(['transcribe', 'translate', 'vision', 'embed'] as const).filter((ability) => providers[ability] !== undefined),
  ...(downloader ? (['fetch pages'] as const) : []),
  ...(normaliser ? (['isolate vocals'] as const) : []),
  ...(transcriber ? (['transcribe', 'translate'] as const) : []),
  ...(pods.runUrls.length > 0 ? (['run pods'] as const) : []),
  ...(sourceBuckets.length > 0 ? (['fetch s3'] as const) : []),
];
