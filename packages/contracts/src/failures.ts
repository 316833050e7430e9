/** Everything that can go wrong with a task, and what is done about it. A code that is not here is a bug in Reverie. */
export const FAILURES = {
  input_invalid: { http: 422, fault: 'caller', retry: 'never' },
  // Where a source is, and whether we may and can get it.
  source_refused: { http: 422, fault: 'caller', retry: 'never' },
  source_missing: { http: 422, fault: 'caller', retry: 'never' },
  source_unavailable: { http: 502, fault: 'provider', retry: 'later' },
  source_too_large: { http: 422, fault: 'caller', retry: 'never' },
  source_not_media: { http: 422, fault: 'caller', retry: 'never' },
  // What a file turned out to be.
  media_unreadable: { http: 422, fault: 'caller', retry: 'never' },
  media_empty: { http: 422, fault: 'caller', retry: 'never' },
  media_truncated: { http: 422, fault: 'caller', retry: 'never' },
  media_forbidden: { http: 422, fault: 'caller', retry: 'never' },
  media_too_long: { http: 422, fault: 'caller', retry: 'never' },
  media_no_audio: { http: 422, fault: 'caller', retry: 'never' },
  media_no_video: { http: 422, fault: 'caller', retry: 'never' },
  not_configured: { http: 422, fault: 'operator', retry: 'never' },
  provider_refused: { http: 502, fault: 'provider', retry: 'never' },
  provider_unavailable: { http: 502, fault: 'provider', retry: 'later' },
  provider_limit: { http: 503, fault: 'provider', retry: 'not counted' },
  provider_nonsense: { http: 502, fault: 'provider', retry: 'later' },
  // All pods are busy with somebody else's work, away or unwell: waiting for one is nobody's failed attempt.
  pod_unavailable: { http: 503, fault: 'provider', retry: 'not counted' },
  pod_failed: { http: 502, fault: 'provider', retry: 'later' },
  // A store that is away for an hour is nobody's failed attempt.
  storage_unavailable: { http: 503, fault: 'platform', retry: 'not counted' },
  artifact_missing: { http: 500, fault: 'platform', retry: 'later' },
  disk_full: { http: 503, fault: 'platform', retry: 'not counted' },
  tool_missing: { http: 500, fault: 'operator', retry: 'never' },
  ffmpeg_failed: { http: 500, fault: 'platform', retry: 'later' },
  output_rejected: { http: 500, fault: 'platform', retry: 'later' },
  no_progress: { http: 504, fault: 'platform', retry: 'later' },
  stage_timeout: { http: 504, fault: 'platform', retry: 'later' },
  not_started_in_time: { http: 504, fault: 'platform', retry: 'never' },
  job_timeout: { http: 504, fault: 'platform', retry: 'never' },
  poison: { http: 500, fault: 'caller', retry: 'never' },
  internal: { http: 500, fault: 'platform', retry: 'later' },
} as const satisfies Record<
  string,
  {
    http: number;
    fault: 'caller' | 'provider' | 'operator' | 'platform';
    /** `not counted`: waiting for room somewhere is nobody's failed attempt. */
    retry: 'never' | 'later' | 'not counted';
  }
>;

export type FailureCode = keyof typeof FAILURES;

/** What a person needs to see why a command failed: the command itself, ready to paste, and the end of what it said. */
export interface CommandTrace {
  command: string;
  log: string;
}

/** A failure a stage knows by name. Whether it is tried again is read off the table, never decided where it is thrown. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly trace: CommandTrace | undefined;
  /** How long a provider asked us to stay away. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: FailureCode,
    message: string,
    more: { cause?: unknown; trace?: CommandTrace | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'Failure';
    this.code = code;
    this.trace = more.trace;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
