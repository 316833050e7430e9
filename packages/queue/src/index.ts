export { queueConfigOf, queueEnvironment } from './config.ts';
export { isPostgres, type QueueConfig } from './connection.ts';
export { type Consumer, type ConsumerOptions, LEASE_LOST, type Outcome, openConsumer, type Taking } from './consume.ts';
export { migrateQueue } from './migrate.ts';
export type { Peek } from './peek.ts';
export { openProducer, type Producer } from './produce.ts';
export { openSignals, type Signals } from './signals.ts';
export { watchProgress } from './watch.ts';
