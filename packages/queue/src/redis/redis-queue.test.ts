import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { collect, FAKE_SLOT } from "../../test/events.ts";
import { hasRedis, RedisServer } from "../../test/redis-server.ts";
import { ASSIGNMENT, type SmallClass, smallClass } from "../../test/small-class.ts";
import type { TaskQueue } from "../queue.ts";
import type { TaskEvent } from "../task.ts";
import { redisQueue } from "./redis-queue.ts";
import { leaveToken } from "./shared-folder.ts";
import { jobId, queueName } from "./wire.ts";
import { runWorker, type WorkerOptions } from "./worker.ts";

const LOST_AFTER = 2;

const classOf = (...students: string[]) =>
  smallClass(temporaryFolder(), Object.fromEntries(students.map((student) => [student, {}])));

async function server(): Promise<RedisServer> {
  const redis = await RedisServer.start(temporaryFolder());
  onTestFinished(() => redis.kill());
  return redis;
}

function opened({ url }: RedisServer): TaskQueue {
  const queue = redisQueue({ url });
  onTestFinished(() => queue.close());
  return queue;
}

/** @returns what stops it; it is stopped when the test ends */
function work({ url }: RedisServer, { assignment }: SmallClass, more: Partial<WorkerOptions> = {}) {
  const said: string[] = [];
  const controller = new AbortController();
  const options = {
    ...({ url, assignment: assignment.file, device: "cpu", jobs: 2, lostAfter: LOST_AFTER } as const),
    ...{ program: FAKE_SLOT, say: (line: string) => said.push(line), ...more },
  };
  const ended = runWorker(options, controller.signal);
  ended.catch(() => {});
  const stop = () => {
    controller.abort();
    return ended;
  };
  onTestFinished(() => stop().catch(() => {}));
  return { stop, ended, said };
}

const notices = (events: readonly TaskEvent[]) =>
  events.flatMap((event) => (event.kind === "notice" ? [event.message] : []));

const both = ["graded", "graded"];

describe.skipIf(!hasRedis)(`redisQueue${hasRedis ? "" : ": skipped, there is no redis-server"}`, () => {
  it("says that no worker is there, and goes on when there is one", async () => {
    const redis = await server();
    const small = classOf("ann", "bob", "poison", "dies-once");
    const { events, done, reasons } = await collect(opened(redis), small.tasks, (event) => {
      if (event.kind === "notice") work(redis, small);
    });
    expect(done).toEqual({ ann: both, bob: both, poison: ["not-gradable", "graded"], "dies-once": both });
    expect(reasons.poison).toEqual([expect.stringContaining("begun 3 times")]);
    expect(notices(events)).toEqual([
      expect.stringMatching(/^No worker takes the tasks of small-class that need the cpu: there is none\./),
    ]);
    const told = events.flatMap((event) => ("student" in event && event.student === "ann" ? event.kind : []));
    // Between two looks at Redis a quick one runs unseen.
    const isPassing = (kind: string) => kind === "progress" || kind === "running";
    expect(told.filter((kind) => !isPassing(kind))).toEqual(["queued", "done"]);
    // Nothing stays: a later coordinator begins anew.
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    expect(await client.keys("*:ann-*")).toEqual([]);
  });

  it("has a thousand tasks in Redis at most; the others follow", async () => {
    const redis = await server();
    const small = classOf("ann");
    const students = Array.from({ length: 1050 }, (_, i) => `s${i}`);
    const tasks = students.map((student) => ({ ...small.tasks[0]!, student }));
    const jobs = new Queue(queueName(small.assignment, "cpu"), { connection: { port: redis.port } });
    onTestFinished(() => jobs.close());
    let waiting = 0;
    const { done } = await collect(opened(redis), tasks, async ({ kind }) => {
      if (kind !== "notice") return;
      waiting = await jobs.getWaitingCount();
      work(redis, small, { jobs: 8 });
    });
    expect(waiting).toBe(1000);
    expect(Object.keys(done).sort()).toEqual(students.sort());
  });

  it("does without what Redis forgets, and without Redis for a while", async () => {
    const redis = await server();
    const small = classOf("slow-1", "slow-2", "slow-3", "slow-4", "slow-5", "slow-6");
    work(redis, small, { jobs: 1 });
    let finished = 0;
    const { events, done } = await collect(opened(redis), small.tasks, async (event) => {
      if (event.kind !== "done") return;
      finished++;
      if (finished === 1) await redis.wipe();
      if (finished === 3) {
        await redis.kill();
        setTimeout(() => redis.start({ wiped: true }), 1500);
      }
    });
    expect(Object.values(done)).toEqual(small.tasks.map(() => both));
    expect(notices(events).join("\n")).toContain("does not answer");
  });

  it("gives a task to another worker when the first one is stopped, or lost", async () => {
    const redis = await server();
    const small = classOf("endless");
    const first = work(redis, small);
    const controller = new AbortController();
    const queue = opened(redis);
    const runs: { worker: string; tries: number }[] = [];
    const end = collect(
      queue,
      small.tasks,
      async (event) => {
        if (event.kind !== "running") return;
        runs.push(event);
        controller.abort(new Error("seen"));
      },
      controller.signal,
    );
    await expect(end).rejects.toThrow("seen");
    // The worker has it still, and its next coordinator joins.
    await first.stop();
    const waiting = new Queue(queueName(small.assignment, "cpu"), { connection: { url: redis.url } });
    onTestFinished(() => waiting.close());
    const job = await waiting.getJob(jobId(small.tasks[0]!));
    // Given back, and that was no try.
    expect([await job!.getState(), job!.data.tries]).toEqual(["waiting", {}]);
    // One that took it and was never heard of again.
    const lost = new Worker(waiting.name, null, {
      connection: { url: redis.url },
      lockDuration: 1000 * LOST_AFTER,
    });
    onTestFinished(() => lost.close());
    expect((await lost.getNextJob("lost"))!.id).toBe(job!.id);
    const again = new AbortController();
    work(redis, small);
    const second = collect(
      opened(redis),
      small.tasks,
      (event) => event.kind === "running" && again.abort(new Error("taken")),
      again.signal,
    );
    await expect(second).rejects.toThrow("taken");
  });

  it("a worker without the shared folders leaves the tasks to one that has them", async () => {
    const redis = await server();
    const small = classOf("ann", "bob", "carl");
    const root = join(small.results, "..");
    const lost = work(redis, small, { root: temporaryFolder() });
    const queue = redisQueue({ url: redis.url, root });
    onTestFinished(() => queue.close());
    const { done } = await collect(queue, small.tasks, async ({ kind }) => {
      if (kind !== "queued" || lost.said.includes("ended")) return;
      await expect(lost.ended).rejects.toThrow(/results: expected the coordinator's folder of results/);
      lost.said.push("ended");
      work(redis, small, { root });
    });
    expect(done).toEqual({ ann: both, bob: both, carl: both });
  });

  it("what an earlier coordinator left in Redis, whose results were removed, is given out anew", async () => {
    const redis = await server();
    const small = classOf("ann");
    const jobs = new Queue(queueName(small.assignment, "cpu"), { connection: { url: redis.url } });
    onTestFinished(() => jobs.close());
    const data = { task: small.tasks[0]!, token: "of-old-results", tries: {} };
    await jobs.add("grade", data, { jobId: jobId(small.tasks[0]!) });
    const { done } = await collect(opened(redis), small.tasks, ({ kind }) => {
      if (kind === "notice") work(redis, small);
    });
    expect(done).toEqual({ ann: both });
  });

  it("keeps apart who would grade otherwise, and says who that is", async () => {
    const redis = await server();
    const small = classOf("ann");
    const other = smallClass(temporaryFolder(), {}, { text: `${ASSIGNMENT}# changed\n` });
    work(redis, other);
    work(redis, small, { device: "gpu" });
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());
    const { assignment } = small;
    const old = { name: "old:1", assignment, version: "0.0.1", device: "cpu", slots: 1 };
    await client.set("touchstone:workers:old", JSON.stringify(old));
    await sleep(300);
    const controller = new AbortController();
    const messages: string[] = [];
    const end = collect(
      opened(redis),
      small.tasks,
      (event) => {
        if (event.kind !== "notice") return;
        messages.push(event.message);
        controller.abort(new Error("told"));
      },
      controller.signal,
    );
    await expect(end).rejects.toThrow("told");
    expect(messages[0]).toMatch(/has another file of small-class/);
    expect(messages[0]).toMatch(/old:1 has Touchstone 0\.0\.1/);
    expect(messages[0]).toMatch(/takes what needs the gpu/);
  });

  // Within the time that a test has; it would give back what it holds for 25 seconds.
  it("a worker ends when it is told to, though Redis is away", async () => {
    const redis = await server();
    const { stop, said } = work(redis, classOf("ann"));
    await vi.waitFor(() => expect(said.join()).toContain("Waiting for tasks"), 5000);
    await redis.kill();
    await vi.waitFor(() => expect(said.join()).toContain("Redis does not answer"), 5000);
    await sleep(2000); // It has tried in vain to come back.
    await stop();
  }, 20_000);

  /** A worker that has begun the task of nobody's who waits for it. */
  async function busy(redis: RedisServer, small: SmallClass) {
    const worker = work(redis, small);
    const controller = new AbortController();
    const end = collect(
      opened(redis),
      small.tasks,
      ({ kind }) => kind === "running" && controller.abort(new Error("begun")),
      controller.signal,
    );
    await expect(end).rejects.toThrow("begun");
    return worker;
  }

  it("a worker that grades ends within seconds though Redis is away, and another one takes the task", async () => {
    const redis = await server();
    const small = classOf("endless");
    const { stop } = await busy(redis, small);
    await redis.kill();
    const begun = performance.now();
    await stop();
    expect(performance.now() - begun).toBeLessThan(8000);
    await redis.start();
    const controller = new AbortController();
    work(redis, small);
    const again = collect(
      opened(redis),
      small.tasks,
      (event) => event.kind === "running" && event.tries === 2 && controller.abort(new Error("taken")),
      controller.signal,
    );
    await expect(again).rejects.toThrow("taken");
  }, 40_000);

  it.each(["that waits", "that grades"])(
    "a worker %s ends within seconds though Redis is frozen",
    async (what) => {
      const redis = await server();
      const small = classOf("endless");
      const worker = what === "that waits" ? work(redis, small) : await busy(redis, small);
      await vi.waitFor(() => expect(worker.said.join()).toContain("Waiting for tasks"), 5000);
      redis.freeze();
      const begun = performance.now();
      await worker.stop();
      expect(performance.now() - begun).toBeLessThan(8000);
    },
    40_000,
  );

  it("a coordinator ends within seconds though Redis is frozen", async () => {
    const redis = await server();
    const controller = new AbortController();
    const queue = redisQueue({ url: redis.url });
    let stopped = 0;
    const end = collect(
      queue,
      classOf("ann").tasks,
      ({ kind }) => {
        if (kind !== "notice") return;
        redis.freeze();
        setTimeout(() => {
          stopped = performance.now();
          controller.abort(new Error("Ctrl-C"));
        }, 1000);
      },
      controller.signal,
    );
    await expect(end).rejects.toThrow("Ctrl-C");
    await queue.close();
    expect(performance.now() - stopped).toBeLessThan(12_000);
  }, 40_000);

  it("a worker gives back what it must not grade, says so, and ends", async () => {
    const redis = await server();
    const small = classOf("ann");
    const queue = new Queue(queueName(small.assignment, "cpu"), { connection: { url: redis.url } });
    onTestFinished(() => queue.close());
    const [task] = small.tasks;
    const token = await leaveToken(small.results);
    const elsewhere = join(temporaryFolder(), "unmounted");
    for (const [wrong, message] of [
      [{ ...task, version: "0.0.1" }, "those of 0.0.1"],
      [{ ...task, submission: "ann" }, "--root: expected the folder"],
      [{ ...task, results: elsewhere }, "unmounted: expected the coordinator's folder of results"],
    ] as const) {
      const job = await queue.add("grade", { task: wrong, token, tries: {} });
      const { ended } = work(redis, small);
      await expect(ended).rejects.toMatchObject({
        code: "QUEUE_REFUSED",
        message: expect.stringContaining(message),
      });
      expect(await job.getState()).toBe("waiting");
      expect((await queue.getJob(job.id!))!.data.tries).toEqual({});
      await job.remove();
    }
    expect(existsSync(elsewhere)).toBe(false);
  });
});

it("names a server that does not answer, without its password", async () => {
  const small = classOf("ann");
  const url = "redis://user:se%40cret@127.0.0.1:1/0";
  const queue = redisQueue({ url });
  const expected = {
    exitCode: 4,
    message: expect.stringMatching(/^redis:\/\/\*\*\*@127\.0\.0\.1:1\/0: .*ECONN/),
  };
  await expect(collect(queue, small.tasks)).rejects.toMatchObject(expected);
  await queue.close();
  await expect(collect(redisQueue({ url: "localhost:6379" }), small.tasks)).rejects.toMatchObject({
    exitCode: 2,
  });
});
