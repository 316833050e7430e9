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

/** Where something is in a body, as RFC 6901 writes it. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** A refusal of a pipeline's input points at `/input/sourceUrl`; the caller is shown the field as he sent it. Other errors stay what they are. */
export function pointingAtSent(error: unknown, sentAs: (field: string) => string): unknown {
  if (!(error instanceof Refusal) || !error.errors) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/input\/(\w+)/, (_, field: string) => `/${sentAs(field)}`),
    detail,
  }));
  return new Refusal(error.status, error.code, error.message, errors);
}
