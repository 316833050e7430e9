/**
 * Resolves on the first Ctrl-C or SIGTERM, or when the launcher was killed; a second signal ends this process at once,
 * and its guardian the rest.
 */
export function untilSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    const heard = () => resolve('stopped');
    process.once('disconnect', heard);
    process.channel?.unref(); // listening to it must not keep this process up when all is done
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        heard();
      });
    }
  });
}
