import { recordCompletion } from '@reverie/db';
import { ModelledSegment, model, nameOf, segments } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { Refusal } from '../refusal.ts';
import type { Subject } from './subjects.ts';

/** Every segment that is done gets document 003's record, in the commit that settles it. */
export const segmentSubject = (store: Store): Subject => ({
  async begin(_sql, { announced = false }, raw) {
    const { uploaded } = segments.input.parse(raw);
    if (uploaded && !announced) {
      throw new Refusal(
        422,
        'not_announced',
        'Segments that others upload are announced by S3 events, which make the job: POST /segments/events, or SQS.',
        [{ pointer: '/input/uploaded', detail: 'is for S3 events' }],
      );
    }
    return undefined;
  },

  async settled(sql, job, task, output) {
    if (task.stage !== model.name) return;
    const { uploaded } = segments.input.parse(job.input);
    const name = nameOf(job.id, uploaded);
    const { output: file } = ModelledSegment.parse(output);
    const { index, total } = model.item.parse(task.item);
    await recordCompletion(sql, {
      jobId: name,
      job: job.id,
      segmentIndex: index,
      totalSegments: total,
      outputS3Uri: store.outside(file.key).uri,
    });
  },
});
