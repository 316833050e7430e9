/** A refusal a caller can act on. The problems plugin turns it into RFC 9457. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { pointer: string; detail: string }[] | undefined;

  constructor(status: number, code: string, detail: string, errors?: { pointer: string; detail: string }[]) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const notFound = (what: string, id: string) =>
  new Refusal(404, 'not_found', `There is no ${what} ${id}, or it is not yours.`);
