/** Where the API is, and the key it wants, if it wants one. */
export interface Asking {
  api: string;
  key: string | undefined;
}

/** Asks the API for something; a no is an error with its sentence. */
export const askOf =
  ({ api, key }: Asking) =>
  async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(api + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { authorization: `Bearer ${key}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${((await response.json()) as { detail: string }).detail}`);
    return (await response.json()) as T;
  };
