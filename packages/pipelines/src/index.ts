export { dream } from './dream.ts';
export * from './list.ts';
export * from './pipeline.ts';
export * from './stage.ts';
export type * from './tools.ts';
