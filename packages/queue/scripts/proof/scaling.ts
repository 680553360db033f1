/** A class graded by so many workers, undisturbed. */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { redisQueue } from "../../src/index.ts";
import type { GradingTask } from "../../src/task.ts";
import type { RedisServer } from "../../test/redis-server.ts";
import type { Done } from "./checks.ts";
import { type ProofClass, withResults } from "./classes.ts";
import { readDone, start } from "./roles.ts";

export async function withWorkers(
  folder: string,
  { tasks, assignment }: ProofClass,
  results: string,
  redis: RedisServer,
  count: number,
): Promise<{ done: Done; seconds: number }> {
  const url = redis.url;
  const out = join(folder, `${results}.json`);
  const began = performance.now();
  const workers = Array.from({ length: count }, (_, i) =>
    start("worker", { url, assignment: assignment.file, lostAfter: 30 }, join(folder, `${results}-${i}`)),
  );
  try {
    const job = { url, tasks: withResults(tasks, folder, results), out };
    const code = await start("coordinator", job, join(folder, `${results}-c`)).exit;
    if (code !== 0) throw new Error(`The coordinator ended with ${code}: see ${folder}/${results}-c`);
    return { done: readDone(out), seconds: (performance.now() - began) / 1000 };
  } finally {
    await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
  }
}

/** Once each worker has a slot that has loaded all it needs: seconds for the class, and what they would be if nothing cost anything. */
export async function throughput(
  folder: string,
  { tasks, assignment }: ProofClass,
  redis: RedisServer,
  count: number,
  seconds: number,
): Promise<{ taken: number; ideal: number }> {
  const { url } = redis;
  const name = `sleep-${count}`;
  const workers = Array.from({ length: count }, (_, i) =>
    start("worker", { url, assignment: assignment.file, lostAfter: 30 }, join(folder, `${name}-${i}`)),
  );
  const queue = redisQueue({ url });
  const grade = async (given: GradingTask[]) => {
    const seen = new Set<string>();
    for await (const event of queue.run(given)) if (event.kind === "running") seen.add(event.worker);
    return seen.size;
  };
  try {
    for (let warm = 0, round = 0; warm < count; round++) {
      warm = await grade(withResults(tasks.slice(0, 2 * count), folder, `${name}-warm-${round}`));
      await sleep(500);
    }
    const began = performance.now();
    await grade(withResults(tasks, folder, name));
    const taken = (performance.now() - began) / 1000;
    return { taken, ideal: (tasks.length * seconds) / count };
  } finally {
    await queue.close();
    await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
  }
}
