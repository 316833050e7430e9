import { say } from './say.ts';

interface Closable {
  stop(): Promise<void>;
  /** Resolves with a sentence when it has ended, asked to or not. */
  exited?: Promise<string>;
}

/** Closes what was opened, last first; and knows when one of them ends by itself. */
export class Closing implements AsyncDisposable {
  #opened: { name: string; it: Closable }[] = [];
  #closing = false;

  opened<T extends Closable>(name: string, it: T): T {
    this.#opened.push({ name, it });
    return it;
  }

  /** Rejects when something ends that nobody asked to. */
  anyExit(): Promise<never> {
    const exits = this.#opened.map(async ({ name, it }) => {
      const sentence = await (it.exited ?? new Promise<never>(() => {}));
      if (this.#closing) return new Promise<never>(() => {});
      throw new Error(`${name} has stopped by itself: ${sentence}`);
    });
    return Promise.race(exits);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    if (this.#opened.length > 0) say.stopping();
    for (const { name, it } of this.#opened.reverse()) {
      await it.stop().catch((error: Error) => say.trouble(new Error(`${name} did not stop: ${error.message}`)));
    }
  }
}
