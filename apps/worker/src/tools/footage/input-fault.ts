import { Failure, type FailureCode } from '@reverie/contracts';

/** What ffmpeg says when it is the file's fault, not its own. */
const SAYINGS: readonly [RegExp, FailureCode, string][] = [
  [/ended prematurely|partial file|moov atom not found/i, 'media_truncated', 'the file is cut off'],
  [
    /invalid data found|error while decoding|could not find codec parameters|matches no streams|does not contain any stream|cannot determine format|nothing was encoded|picture size .* is invalid|no decoder|decoder .*not found/i,
    'media_unreadable',
    'the file cannot be decoded: it is damaged, or in a format that is not known here',
  ],
];

/** For `.catch` of an ffmpeg that reads what somebody sent in. Anything else stays what it is. */
export function faultOfInput(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'ffmpeg_failed') throw error;
  const said = error.trace?.log ?? '';
  const [, code, message] = SAYINGS.find(([saying]) => saying.test(said)) ?? [];
  if (!code) throw error;
  throw new Failure(code, message!, { cause: error, trace: error.trace });
}
