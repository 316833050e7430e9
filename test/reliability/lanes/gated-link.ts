import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** What becomes of something said: it passes; the line is cut before or after it got there. */
export type Fate = 'pass' | 'cut before' | 'cut after';

/** A line between two processes of which every message is asked about. Messages are what arrives at once. */
export interface GatedLink extends AsyncDisposable {
  port: number;
  /** Of everything the process on the near end says. After 'cut after' it never hears the answer. */
  onAsk(decide: () => Fate, onCut?: () => void): void;
  /** Of every answer it gets: false, and it is lost with its connection, though the work was done. */
  onAnswer(passes: () => boolean): void;
}

export async function gatedLink(target: number): Promise<GatedLink> {
  let decide: () => Fate = () => 'pass';
  let cut = () => {};
  let passes = () => true;
  const open = new Set<Socket>();

  const server = createServer({ noDelay: true, pauseOnConnect: true }, (near) => {
    const far = dial({ port: target, host: '127.0.0.1', noDelay: true });
    let isDeaf = false;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        if (!isDeaf || socket === far) other.destroySoon();
      });
    }
    near.on('data', (chunk) => {
      if (isDeaf) return;
      const fate = decide();
      if (fate === 'pass') return void far.write(chunk);
      isDeaf = true;
      if (fate === 'cut before') {
        cut();
        far.destroy();
        near.resetAndDestroy();
        return;
      }
      // Ended in order: a server reads what it was sent before it sees that nobody is there any more.
      far.end(chunk, () => {
        cut();
        near.resetAndDestroy();
      });
    });
    far.on('data', (chunk) => {
      if (isDeaf) return;
      if (passes()) return void near.write(chunk);
      isDeaf = true;
      near.resetAndDestroy();
      far.destroySoon();
    });
    near.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    onAsk(next, onCut = () => {}) {
      decide = next;
      cut = onCut;
    },
    onAnswer(next) {
      passes = next;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
