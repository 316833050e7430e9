import type { Fleet } from '@reverie/contracts';
import type { z } from 'zod';
import type { Tools } from './tools.ts';

type Shape = z.ZodObject;

/** How long a stage may take before it is taken for stuck, and how often it is tried. */
export interface Limits {
  /** The whole stage, in seconds. */
  seconds: number;
  /** Seconds without any progress before the work is killed and tried again. */
  stillSeconds: number;
  /** Failed attempts before the job fails; what failures.ts calls `not counted` is not among them. */
  attempts: number;
}
const DEFAULT_LIMITS: Limits = { seconds: 1_800, stillSeconds: 60, attempts: 3 };

/** What a running stage has besides its input. */
export interface Context {
  /** Whose work it is. */
  jobId: string;
  tools: Tools;
  /** Aborts on cancel, time-out, shutdown and when another worker has taken over. Goes down to every child process. */
  signal: AbortSignal;
  /** 0 to 100. Also tells the watchdog that the stage is alive. */
  progress(percent: number): void;
  /** A storage key for something this attempt makes. */
  key(name: string): string;
}

/** What every stage says of itself. */
interface Described<Needs extends Shape, Gives extends Shape> {
  name: string;
  fleet: Fleet;
  /** Share of the job's progress bar. */
  weight: number;
  limits: Limits;
  needs: Needs;
  gives: Gives;
  /** Whom it asks: when that one says "later", nothing more that asks him is dispatched until then. */
  provider?: string;
  /** Left out, with a reason, it gives this instead. Pure: runs inside the API's transaction. */
  leftOut?: { when(given: z.infer<Needs>): string | undefined; gives: z.infer<Gives> };
}

/** One step of a pipeline: what it needs, what it gives, which fleet runs it. */
export interface Step<Needs extends Shape = Shape, Gives extends Shape = Shape> extends Described<Needs, Gives> {
  kind: 'step';
  run(given: z.infer<Needs>, context: Context): Promise<z.infer<Gives>>;
}

/** A stage of many equal parts: split → each part a task of its own, on any worker → join, in order. */
export interface FanOut<
  Needs extends Shape = Shape,
  Gives extends Shape = Shape,
  Item extends z.ZodType = z.ZodType,
  Part extends Shape = Shape,
> extends Described<Needs, Gives> {
  kind: 'fanOut';
  item: Item;
  part: Part;
  /** Whether its parts wait until somebody says that what they need has come (`arrive`). */
  awaits?(given: z.infer<Needs>): boolean;
  /** A part that fails for good fails the job when the others have ended: a retry runs what is missing, and no more. */
  failsLate?: boolean;
  /** Pure: runs inside the API's transaction. */
  split(given: z.infer<Needs>): z.infer<Item>[];
  run(item: z.infer<Item>, given: z.infer<Needs>, context: Context): Promise<z.infer<Part>>;
  /** Pure, like split; the parts come in the order of the split. */
  join(parts: z.infer<Part>[]): z.infer<Gives>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of stages holds every shape there is
export type Stage = Step<any, any> | FanOut<any, any, any, any>;

type Optional<S> = Omit<S, 'kind' | 'weight' | 'limits'> & { weight?: number; limits?: Partial<Limits> };

export const step = <N extends Shape, G extends Shape>(stage: Optional<Step<N, G>>): Step<N, G> => ({
  weight: 1,
  ...stage,
  kind: 'step',
  limits: { ...DEFAULT_LIMITS, ...stage.limits },
});

export const fanOut = <N extends Shape, G extends Shape, I extends z.ZodType, P extends Shape>(
  stage: Optional<FanOut<N, G, I, P>>,
): FanOut<N, G, I, P> => ({ weight: 1, ...stage, kind: 'fanOut', limits: { ...DEFAULT_LIMITS, ...stage.limits } });
