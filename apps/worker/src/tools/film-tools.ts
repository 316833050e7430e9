import type { Tools } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { storeFiles } from './files.ts';
import { ffmpegFilm } from './film/film.ts';
import { ffmpegMedia } from './media.ts';
import { offlineImagine } from './picture/picture.ts';
import type { Workplace } from './workplace.ts';

/** All the tools that ffmpeg makes, bound to the folder of one attempt. */
export function filmTools({
  ffmpegPath,
  ffprobePath,
  place,
  store,
}: {
  ffmpegPath: string;
  ffprobePath: string;
  place: Workplace;
  store: Store;
}): Pick<Tools, 'imagine' | 'film' | 'media' | 'files'> {
  return {
    imagine: offlineImagine({ ffmpegPath, place }),
    film: ffmpegFilm({ ffmpegPath, place }),
    media: ffmpegMedia({ ffmpegPath, ffprobePath, place }),
    files: storeFiles(store),
  };
}
