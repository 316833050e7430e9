/** A no to whoever asks this pod, in HTTP's words; what goes wrong in a run is a Failure. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** What a program needs to know besides. */
  readonly more: Record<string, unknown>;

  constructor(status: number, code: string, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
