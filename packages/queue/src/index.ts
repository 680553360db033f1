/** Gradings of a whole class: over slots of one machine, or over many machines through Redis. */

export { workerCommand } from "./commands/worker.ts";
export { contextOf } from "./context.ts";
export * from "./errors.ts";
export { type LocalQueueOptions, localQueue } from "./local-queue.ts";
export type { TaskQueue } from "./queue.ts";
export { type RedisQueueOptions, redisQueue } from "./redis/redis-queue.ts";
export { runWorker, type WorkerOptions } from "./redis/worker.ts";
export type * from "./task.ts";
