import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

/** A form with a file, which is read from the disk while it is sent. */
export async function formOf(path: string, fields: Record<string, string | boolean | undefined>): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.set(name, String(value));
  form.set('file', await openAsBlob(path), basename(path));
  return form;
}
