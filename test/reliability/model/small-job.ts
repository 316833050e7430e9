import type { Report } from '@reverie/contracts';
import { dream, PIPELINES, type Pipeline, type Stage } from '@reverie/pipelines';

const stage = (name: string): Stage => dream.stages.find((each) => each.name === name)!;
const storyboard = stage('storyboard');

/** One step that ends a dream. */
const alone = { ...stage('publish'), needs: storyboard.needs } as Stage;
/** A step, two parts, and the step that ends it. */
const wide = { ...stage('publish'), needs: stage('pictures').gives } as Stage;

export const SMALL: Pipeline = { ...dream, name: 'small', stages: [alone] };
export const WIDE: Pipeline = { ...dream, name: 'wide', stages: [storyboard, stage('pictures'), wide] };

/** The verbs look pipelines up by name: these two are on the list of whoever imports this file, and of nobody else. */
(PIPELINES as Pipeline[]).push(SMALL, WIDE);

const file = (key: string) => ({ key, bytes: 1, contentType: 'application/octet-stream' });
const scene = { text: 'one', prompt: 'one' };

/** What a worker that did its work well would say. */
export const OUTPUTS: Record<string, (key: string) => Extract<Report, { status: 'completed' }>['output']> = {
  storyboard: () => ({ storyboard: { title: 'A', scenes: [scene, scene], provider: 'model', cost: 0 } }),
  pictures: (key) => ({ picture: file(key), provider: 'model', cost: 0 }),
  publish: (key) => ({ video: file(key), metadata: { duration: 1, scenes: 2, cost: 0 } }),
};
