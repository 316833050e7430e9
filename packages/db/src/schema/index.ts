export * from './api-keys.ts';
export * from './artifacts.ts';
export * from './dreams.ts';
export * from './events.ts';
export * from './jobs.ts';
export * from './tasks.ts';
export * from './workers.ts';
