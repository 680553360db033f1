/** `redisQueue({ url })`: the tasks in workers, anywhere, that share a Redis server and the results folder. */

import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Device } from "../locks/devices.ts";
import { prepare } from "../prepare.ts";
import type { TaskQueue } from "../queue.ts";
import { connect, redisOptions } from "./connection.ts";
import { type Errand, follow, type GradingQueue } from "./follow.ts";
import { leaveToken } from "./shared-folder.ts";
import { deviceOf, jobId, queueName, toWire } from "./wire.ts";
import { within } from "./within.ts";

const CLOSE_MS = 2000;

export interface RedisQueueOptions {
  /** `redis://user:password@host:6379/0` */
  url: string;
  /** A folder that the workers have elsewhere (`--root`): paths below it begin there. */
  root?: string;
}

/**
 * Tasks are jobs of BullMQ, which only carries them: what is finished is in the results folder. So Redis may lose everything at any time, and
 * this process may be killed and started again.
 */
export function redisQueue({ url, root }: RedisQueueOptions): TaskQueue {
  const queues = new Map<string, GradingQueue>();
  let redis: Redis | undefined;
  const open = (name: string): GradingQueue => {
    const queue: GradingQueue = queues.get(name) ?? new Queue(name, { connection: redisOptions(url, 1) });
    // What goes wrong fails a command, too.
    if (!queues.has(name)) queue.on("error", () => {});
    queues.set(name, queue);
    return queue;
  };
  return {
    async *run(tasks, { signal } = {}) {
      signal?.throwIfAborted();
      const prepared = await prepare(tasks);
      redis ??= await connect(url);
      const tokens = new Map<string, string>();
      for (const { results } of tasks)
        if (!tokens.has(results)) tokens.set(results, await leaveToken(results));
      const errands = prepared.map(({ task, jobs }): Errand => {
        const device: Device = deviceOf(task, jobs);
        const sent = toWire(task, root);
        const queue = open(queueName(task.assignment, device));
        const token = tokens.get(task.results)!;
        return { id: jobId(sent), task, sent, token, jobs, device, queue, isThere: false, told: {} };
      });
      yield* follow(errands, redis, url, signal);
    },
    async close() {
      const all = [...queues.values()];
      const isClosed = await within(Promise.allSettled(all.map((queue) => queue.close())), CLOSE_MS);
      if (!isClosed) await within(Promise.allSettled(all.map((queue) => queue.disconnect())), CLOSE_MS);
      queues.clear();
      redis?.disconnect();
      redis = undefined;
    },
  };
}
