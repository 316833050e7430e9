export { analysis } from './analysis.ts';
export { captions } from './captions.ts';
export { dream } from './dream.ts';
export * from './list.ts';
export { type Moment, momentsOf } from './moments.ts';
export * from './pipeline.ts';
export * from './stage.ts';
export type * from './tools.ts';
