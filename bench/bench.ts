/** Measures something against what it is compared with, in the same run. */
export type Bench = (run: {
  rounds: number;
  /** Keeps every single figure, as a line of JSON. */
  note(line: object): Promise<void>;
}) => Promise<{ title: string; rows: Row[] }[]>;

/** One way to do it. Figures are per round; those of one place in the lists were measured one after the other. */
export interface Row {
  way: string;
  cpuSeconds: number[];
  wallSeconds: number[];
  /** What the others are held against. */
  reference?: boolean;
  /** At most this many times the reference. */
  goal?: number;
}
