import { join } from 'node:path';
import type { Services } from '@reverie/models';
import type { Fetching } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';
import { readFileTo } from './service-answer.ts';
import { byService } from './services.ts';

/** Has a service download what is at an address, into a file of the attempt's folder. Undefined where none is configured. */
export function downloadByService(services: Services, { place, maxBytes }: { place: Workplace; maxBytes: number }) {
  const { downloader } = services;
  if (!downloader) return undefined;
  return (url: string, { name }: { name: string }, run: Fetching): Promise<{ name: string; service: string }> => {
    const body = async () => JSON.stringify({ url, quality: run.soundAlone ? 'audio' : 'best' });
    return byService({ service: downloader, named: 'VIDEO_DOWNLOADER_URL', body }, services, run, async (job) => {
      await job.get('download', readFileTo(join(place.path, name), maxBytes));
      return { name };
    });
  };
}
