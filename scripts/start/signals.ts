/** Resolves on the first Ctrl-C or SIGTERM; a second one ends the launcher at once, and its guardian the rest. */
export function untilSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    const heard = () => resolve('stopped');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        heard();
      });
    }
  });
}
