export * from './artifact.ts';
export * from './dream.ts';
export * from './environment.ts';
export * from './failures.ts';
export * from './job.ts';
export * from './problem.ts';
export * from './report.ts';
export * from './task.ts';
