/**
 * What a submission costs besides its own work: in the coordinator, in Redis, on disk and in a worker's slot. docs/scale.md reckons with it.
 *
 *   npx tsx packages/queue/scripts/measure-costs.ts [--waiting 10000] [--graded 100] [--seconds 10]
 *
 * With `--results FOLDER` what the gradings cost that are recorded there, by problem and phase, and nothing else.
 */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { threeDigits } from "@touchstone/cli";
import { openRecords } from "@touchstone/grader";
import { Redis } from "ioredis";
import { redisQueue, type TaskQueue } from "../src/index.ts";
import type { GradingTask } from "../src/task.ts";
import { RedisServer } from "../test/redis-server.ts";
import { type SmallClass, smallClass } from "../test/small-class.ts";
import { start } from "./proof/roles.ts";

const { values } = parseArgs({
  options: {
    waiting: { type: "string", default: "10000" },
    graded: { type: "string", default: "100" },
    seconds: { type: "string", default: "10" },
    results: { type: "string" },
  },
});

const say = (what: string, value: number, unit: string) =>
  process.stdout.write(`${what.padEnd(58)} ${threeDigits(value).padStart(9)} ${unit}\n`);

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-costs-"));
  const redis = await RedisServer.start(folder);
  try {
    const small = smallClass(folder, { one: {} });
    await waiting(redis, many(small.tasks[0]!, Number(values.waiting)));
    await redis.wipe();
    await graded(redis, small, folder, Number(values.graded));
    const load = loadavg()[0]!.toFixed(2);
    process.stdout.write(`${cpus()[0]!.model}, ${cpus().length} cores; load average ${load} at the end\n`);
  } finally {
    await redis.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** That many tasks of students who have all handed in the same. */
const many = (task: GradingTask, count: number): GradingTask[] =>
  Array.from({ length: count }, (_, i) => ({ ...task, student: `s${String(i).padStart(6, "0")}` }));

/** A class that nobody grades. */
async function waiting(redis: RedisServer, tasks: readonly GradingTask[]): Promise<void> {
  const client = new Redis(redis.url);
  const queue = redisQueue({ url: redis.url });
  const { signal, stop, isSent } = follow(queue, tasks);
  const empty = await usedMemory(client);
  const began = performance.now();
  await isSent;
  say(`${tasks.length} tasks until they wait`, (performance.now() - began) / 1000, "s");
  say("Redis's memory for them", ((await usedMemory(client)) - empty) / 2 ** 20, "MiB");
  const before = process.cpuUsage();
  await sleep(1000 * Number(values.seconds), undefined, { signal });
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1e4 / Number(values.seconds);
  say("a core's share in the coordinator while they wait", share, "%");
  await stop();
  await queue.close();
  client.disconnect();
}

/** That nobody takes the tasks is noticed when they have been sent. */
function follow(queue: TaskQueue, tasks: readonly GradingTask[]) {
  const controller = new AbortController();
  const { signal } = controller;
  let resolve!: () => void;
  const isSent = new Promise<void>((done) => {
    resolve = done;
  });
  const followed = (async () => {
    try {
      for await (const event of queue.run(tasks, { signal })) if (event.kind === "notice") resolve();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  })();
  const stop = async () => {
    controller.abort();
    await followed;
  };
  return { signal, stop, isSent };
}

/** A class graded by one worker that has loaded all it needs. */
async function graded(
  redis: RedisServer,
  { tasks, assignment }: SmallClass,
  folder: string,
  count: number,
): Promise<void> {
  const { url } = redis;
  const log = join(folder, "worker");
  const worker = start("worker", { url, assignment: assignment.file, lostAfter: 30 }, log);
  const queue = redisQueue({ url });
  const grade = async (given: readonly GradingTask[]) => {
    for await (const _ of queue.run(given));
  };
  try {
    await grade(tasks);
    const results = join(folder, "graded");
    mkdirSync(results);
    const began = performance.now();
    const before = process.cpuUsage();
    await grade(many(tasks[0]!, count).map((task) => ({ ...task, results })));
    const { user, system } = process.cpuUsage(before);
    say(
      "a submission of two problems that does next to nothing",
      (performance.now() - began) / 1000 / count,
      "s",
    );
    say("of that, in the coordinator's process", (user + system) / 1e3 / count, "ms of a core");
    say("its records", bytesBelow(results) / count / 1024, "KiB");
    const reading = performance.now();
    await openRecords(results).list();
    say("reading them for a table", (performance.now() - reading) / count, "ms");
  } finally {
    await queue.close();
    await worker.kill("SIGTERM");
  }
}

async function usedMemory(client: Redis): Promise<number> {
  const found = /^used_memory:(\d+)/m.exec(await client.info("memory"));
  return Number(found?.[1]);
}

function bytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

/** Mean seconds of each phase. */
async function recorded(results: string): Promise<void> {
  const { records } = await openRecords(results).list();
  const sums = new Map<string, { count: number; phases: Record<string, number> }>();
  for (const { result } of records) {
    const sum = sums.get(result.problem) ?? { count: 0, phases: {} };
    sum.count++;
    for (const [phase, seconds] of Object.entries(result.phases))
      sum.phases[phase] = (sum.phases[phase] ?? 0) + seconds;
    sums.set(result.problem, sum);
  }
  for (const [problem, { count, phases }] of sums) {
    for (const [phase, seconds] of Object.entries(phases))
      say(`${problem}, ${phase} (mean of ${count})`, seconds / count, "s");
  }
}

if (values.results === undefined) await measure();
else await recorded(values.results);
