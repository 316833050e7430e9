/** What every layer of a picture needs to know. */
export interface Canvas {
  width: number;
  height: number;
  /** The shorter side. */
  unit: number;
  /** The row where sky and land meet. */
  horizon: number;
  seconds: number;
  fps: number;
  /** Where the moon or the sun stands. */
  light: { x: number; y: number; radius: number };
}

/** Radians a second for one turn in a loop. */
export const turnOf = ({ seconds }: Canvas) => (2 * Math.PI) / seconds;

export const even = (value: number) => 2 * Math.round(value / 2);

/** One frame, or as many as the loop has, to be painted on by geq. */
export const sheet = (width: number, height: number, format: string, moving?: Canvas): string =>
  `color=c=black:s=${even(width)}x${even(height)}:r=${moving?.fps ?? 1}:d=${moving?.seconds ?? 1},format=${format}`;
