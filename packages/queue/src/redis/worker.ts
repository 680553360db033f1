/** `runWorker(options, signal)`: takes tasks of one assignment from Redis, as many at once as it has slots, until it is told to stop. */

import type { Progress } from "@touchstone/cli";
import { readAssignment } from "@touchstone/grader";
import { type Job, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { SlotRefusedError } from "../errors.ts";
import type { Device } from "../locks/devices.ts";
import { runTask } from "../run-task.ts";
import { jobsOfTask } from "../slot/grade-one.ts";
import { Slot } from "../slot/slot.ts";
import type { GradingTask } from "../task.ts";
import { WORKER } from "../task-events.ts";
import { connect, redisOptions } from "./connection.ts";
import { announce } from "./registry.ts";
import { requireShared } from "./shared-folder.ts";
import { fromWire, type JobData, type JobResult, queueName } from "./wire.ts";
import { within } from "./within.ts";

export interface WorkerOptions {
  url: string;
  /** This machine's file of the assignment. */
  assignment: string;
  device: Device;
  /** Slots: how many tasks at once. */
  jobs: number;
  /** Seconds without a sign of life after which a worker is given up and its tasks are others'. */
  lostAfter: number;
  /** Where this machine has what lies below the coordinator's `root`. */
  root?: string;
  /** This machine's, in place of the coordinator's. */
  data?: string;
  /** Told a line for the person at the terminal. */
  say(line: string): void;
  /** The program of a slot; another one for tests. */
  program?: string;
}

/** Of a job's progress, which is for people. */
const SHOW_EVERY_MS = 1000;
/** Redis may be away when a job begins, which is no reason to wait. */
const COUNT_MS = 2000;
/** For Redis to show that it is there, when this ends. */
const ANSWER_MS = 2000;
/** To give back, at the end, what had begun. */
const CLOSE_MS = 25_000;
/** To close connections, where that is all that can be done. */
const FORCED_MS = 2000;

/**
 * What had begun when it is told to stop, it gives back.
 *
 * @throws RedisUnreachableError, UsageError; what reading the assignment throws; SlotRefusedError, when files have changed under it
 */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { url, device, jobs, lostAfter, say } = options;
  const { id, sha256 } = await readAssignment(options.assignment);
  const redis = await connect(url);
  const stopping = new AbortController();
  const stop = AbortSignal.any([signal, stopping.signal]);
  const slots = Array.from({ length: jobs }, () => new Slot(options.program));
  const free = [...slots];
  let refused: SlotRefusedError | undefined;

  const take = async (job: Job<JobData, JobResult>, token?: string): Promise<JobResult> => {
    const slot = free.pop()!; // BullMQ gives as many at once as there are slots.
    const before = { ...job.data.tries };
    try {
      return await gradeJob(job, slot, options, stop);
    } catch (error) {
      if (error instanceof SlotRefusedError) {
        refused = error;
        stopping.abort(error);
      }
      if (!stop.aborted) throw error;
      await job.updateData({ ...job.data, tries: before });
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      free.push(slot);
    }
  };
  const connection = redisOptions(url, null);
  const worker = new Worker<JobData, JobResult>(queueName({ id, sha256 }, device), take, {
    // A forced close leaves one of BullMQ's connections coming back for ever.
    connection: {
      ...connection,
      retryStrategy: (attempt) => (stop.aborted ? null : connection.retryStrategy(attempt)),
    },
    name: WORKER,
    concurrency: jobs,
    lockDuration: lostAfter * 1000,
    stalledInterval: lostAfter * 1000,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // `tries` has the bound.
    drainDelay: 1,
  });
  worker.on("error", () => {}); // It comes back by itself.
  sayWhetherItAnswers(redis, stop, say);
  const leave = announce(redis, { assignment: { id, sha256 }, device, slots: jobs });
  say(`Waiting for tasks of ${id} that need the ${device}, ${jobs} at once. Ctrl-C stops.`);
  try {
    await aborted(stop);
    // Away or frozen, it cannot be told; what had begun is given to others when its lock runs out.
    const told = leave();
    const isThere = redis.status === "ready" && (await within(told, ANSWER_MS));
    await within(worker.close(!isThere), isThere ? CLOSE_MS : FORCED_MS);
    if (refused) throw refused;
  } finally {
    await Promise.all(slots.map((slot) => slot.close()));
    redis.disconnect();
  }
}

/** It closes at each attempt to connect again; that is no news. */
function sayWhetherItAnswers(redis: Redis, stop: AbortSignal, say: WorkerOptions["say"]): void {
  let answers = true;
  redis.on("close", () => {
    if (answers && !stop.aborted) say("Redis does not answer; waiting for it. What runs goes on.");
    answers = false;
  });
  redis.on("ready", () => {
    if (!answers) say("Redis answers again.");
    answers = true;
  });
}

async function gradeJob(
  job: Job<JobData, JobResult>,
  slot: Slot,
  { assignment, root, data, lostAfter }: WorkerOptions,
  signal: AbortSignal,
): Promise<JobResult> {
  const { tries } = job.data;
  let task: GradingTask;
  let jobs: Awaited<ReturnType<typeof jobsOfTask>>["jobs"];
  try {
    const given = fromWire(job.data.task, root);
    task = {
      ...given,
      assignment: { ...given.assignment, file: assignment },
      options: { ...given.options, ...(data !== undefined && { data }) },
    };
    jobs = (await jobsOfTask(task)).jobs;
    await requireShared(task, job.data.token);
  } catch (error) {
    throw new SlotRefusedError((error as Error).message);
  }
  const show = throttled((progress) => void job.updateProgress({ ...progress }).catch(() => {}));
  const begin = async () => {
    await within(
      job.updateData({ ...job.data, tries }).catch(() => {}),
      COUNT_MS,
    );
  };
  return { results: await runTask(task, jobs, slot, tries, { signal, show, begin, lostAfter }) };
}

function throttled(show: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < SHOW_EVERY_MS) return;
    last = now;
    show(progress);
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
