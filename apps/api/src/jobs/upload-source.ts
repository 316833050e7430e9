import { readSource } from '@reverie/contracts';
import { holdUpload, type Sql } from '@reverie/db';
import { Refusal } from '../refusal.ts';

/** An upload that a job names as its source is the owner's and complete, and stays so until the job is there to need it. */
export async function holdUploadedSource(sql: Sql, owner: string, input: Record<string, unknown>): Promise<void> {
  const source = typeof input.sourceUrl === 'string' ? readSource(input.sourceUrl) : undefined;
  if (source?.kind !== 'upload') return;
  const upload = await holdUpload(sql, source.id, { owner });
  if (!upload) throw refused('upload_unknown', `There is no upload ${source.id}, or it is not yours.`, 'is unknown');
  if (upload.status !== 'complete') {
    throw refused(
      'upload_incomplete',
      `The upload ${source.id} is not complete. Send what GET /uploads/${source.id} says is missing, then POST /uploads/${source.id}/complete.`,
      'is not complete',
    );
  }
}

const refused = (code: string, why: string, detail: string) =>
  new Refusal(422, code, why, [{ pointer: '/input/sourceUrl', detail }]);
