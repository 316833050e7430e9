export { type Child, type ChildOptions, lastLines, startChild } from './child.ts';
export { type Ffmpeg, type FfmpegOptions, findFfmpeg } from './ffmpeg.ts';
export { freePort } from './free-port.ts';
export { type PostgresOptions, startPostgres } from './postgres.ts';
export { findRedis, type RedisOptions, startRedis } from './redis.ts';
export type { Server } from './server.ts';
