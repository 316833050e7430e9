/** What every tool that may cost money says about it. */
export interface Made {
  /** `offline` when the worker made it by itself. */
  provider: string;
  /** USD */
  cost: number;
}

export interface Running {
  signal: AbortSignal;
  progress(percent: number): void;
}
