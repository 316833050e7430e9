const MAX_LINES = 60;
const MAX_CHARS = 16_384;
/** What a report may carry of a command. */
const MAX_COMMAND = 20_000;

/** The end of what a command said: bounded, and without the signatures of links. */
export class Tail {
  readonly #lines: string[] = [];

  add(line: string) {
    if (line.trim() === '') return;
    this.#lines.push(withoutSignatures(line.slice(0, MAX_CHARS)));
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }

  toString(): string {
    return this.#lines.join('\n').slice(-MAX_CHARS);
  }
}

/** A presigned link is a key to a file: everything after its question mark stays out of logs. */
export const withoutSignatures = (text: string): string => text.replace(/(https?:\/\/[^\s'"?]+)\?[^\s'"]*/gi, '$1?…');

/** The command as one line for a shell. */
export function quoteCommand(command: string, args: readonly string[]): string {
  const line = withoutSignatures([command, ...args].map(quote).join(' '));
  return line.length <= MAX_COMMAND ? line : `${line.slice(0, MAX_COMMAND - 1)}…`;
}

const quote = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
