import { Failure } from '@reverie/contracts';

/** Whether ffmpeg or ffprobe refused what it was given: that is a bad file, not a bad ffmpeg. */
export const isRefused = (error: unknown): error is Failure =>
  error instanceof Failure && (error.code === 'ffmpeg_failed' || error.code === 'media_unreadable');
