export type RefusedBecause = 'not a url' | 'scheme' | 'credentials' | 'port' | 'private' | 'redirect' | 'unresolved';

/** We do not go there. The message is for whoever named the address, and says nothing of what lies behind it. */
export class RefusedTarget extends Error {
  readonly because: RefusedBecause;

  constructor(because: RefusedBecause, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedTarget';
    this.because = because;
  }
}
