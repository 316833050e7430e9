const WIDTH = 32;

/** A progress bar: redrawn in a terminal, a line a stage where the output goes into a file. */
export function bar(out: NodeJS.WriteStream = process.stdout) {
  let shown = '';
  const draw = (percent: number, what: string) => {
    const filled = Math.round((Math.min(100, percent) / 100) * WIDTH);
    return `  ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${String(Math.round(percent)).padStart(3)} %  ${what}`;
  };
  return {
    show(percent: number, what: string) {
      if (out.isTTY) out.write(`\r\x1b[2K${draw(percent, what)}`);
      else if (what !== shown) out.write(`${draw(percent, what)}\n`);
      shown = what;
    },
    end(percent: number, what: string) {
      out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${draw(percent, what)}\n`);
    },
  };
}
