/**
 * Follows tasks through Redis to their ends. It asks again and again rather than being told: a message may be lost with the server, the state
 * of a task is there or is not, and what is not there is added.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "@touchstone/cli";
import { type Job, notGradable, type ProblemResult } from "@touchstone/grader";
import type { Queue, Job as QueueJob } from "bullmq";
import type { Redis } from "ioredis";
import type { Device } from "../locks/devices.ts";
import type { GradingTask, TaskEvent } from "../task.ts";
import { mostTries } from "../task-events.ts";
import { shownUrl } from "./connection.ts";
import { whyNoneTakes, workers } from "./registry.ts";
import type { JobData, JobResult } from "./wire.ts";
import { untilAborted, within } from "./within.ts";

export type GradingQueue = Queue<JobData, JobResult, string, JobData, JobResult, string>;
type Queued = QueueJob<JobData, JobResult, string>;

/** A task on its way. */
export interface Errand {
  /** Of its job of BullMQ. */
  id: string;
  task: GradingTask;
  /** As it travels. */
  sent: GradingTask;
  /** Of its results. */
  token: string;
  jobs: readonly Job[];
  device: Device;
  queue: GradingQueue;
  /** Whether this process has seen it in the queue, or put it there. */
  isThere: boolean;
  /** What was told of it last. */
  told: { running?: string; progress?: string };
}

/** People watch, and a task takes seconds at least. */
const LOOK_EVERY_MS = 500;
/**
 * So many of each queue are in Redis: more than workers have slots, and few enough to ask for at each look. Those behind them follow as they end.
 */
const AT_HAND = 1000;
/** Between looks at the workers. */
const LOOKS_PER_CENSUS = 6;
const WITHDRAW_MS = 5000;

export async function* follow(
  errands: readonly Errand[],
  redis: Redis,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<TaskEvent> {
  const pending = new Set(errands);
  const notices = new Notices();
  try {
    for (let looks = 0; pending.size > 0; looks++) {
      try {
        yield* untilAborted(look(pending), signal);
        notices.end("redis");
        if (looks % LOOKS_PER_CENSUS === 0) yield* untilAborted(census(pending, redis, notices), signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Error) || error instanceof TypeError) throw error; // A mistake of ours.
        const awaited = `${shownUrl(url)} does not answer (${error.message}); waiting for it.`;
        yield* notices.say("redis", `${awaited} What is done is recorded.`);
      }
      if (pending.size > 0) await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    // Nobody waits for them any more; what has begun goes on, and is recorded.
    await within(withdraw(pending), WITHDRAW_MS);
  }
}

/** Takes what is done out of `pending`. @throws what Redis's client throws */
async function* look(pending: Set<Errand>): AsyncGenerator<TaskEvent> {
  const found = await Promise.all(
    atHand(pending).map(async (errand) => ({ errand, job: await jobOf(errand) })),
  );
  const missing: Errand[] = [];
  for (const { errand, job } of found) {
    if (job === undefined) missing.push(errand);
    else if (await isOfOtherResults(errand, job)) {
      await job.remove();
      missing.push(errand);
    } else if (job.finishedOn === undefined) yield* changes(errand, job);
    else if (errand.isThere) {
      pending.delete(errand);
      yield { kind: "done", student: errand.task.student, results: resultsOf(errand, job) };
      await job.remove().catch(() => {});
    } else {
      // Of an earlier coordinator: what stood in its way may be gone, and what was graded is recorded.
      await job.remove();
      missing.push(errand);
    }
    errand.isThere ||= job !== undefined && job.finishedOn === undefined;
  }
  for (const { task, sent, token, id, queue } of missing) {
    await queue.add("grade", { task: sent, token, tries: {} }, { jobId: id });
    yield { kind: "queued", student: task.student, tries: 0 };
  }
  for (const errand of missing) errand.isThere = true;
}

/** An earlier coordinator's, whose folder of results has been removed since: workers would refuse it. */
async function isOfOtherResults({ token }: Errand, job: Queued): Promise<boolean> {
  return job.data.token !== token && (await job.getState()) === "waiting";
}

/** The first of each queue. */
function atHand(pending: ReadonlySet<Errand>): Errand[] {
  const counts = new Map<GradingQueue, number>();
  return [...pending].filter(({ queue }) => {
    const before = counts.get(queue) ?? 0;
    counts.set(queue, before + 1);
    return before < AT_HAND;
  });
}

async function jobOf({ queue, id }: Errand): Promise<Queued | undefined> {
  return queue.getJob(id);
}

function* changes({ task, told }: Errand, { data, processedBy, progress }: Queued): Generator<TaskEvent> {
  const { student } = task;
  const tries = mostTries(data.tries);
  const running = `${processedBy} ${tries}`;
  if (processedBy !== undefined && tries > 0 && running !== told.running) {
    told.running = running;
    yield { kind: "running", student, tries, worker: processedBy };
  }
  const text = JSON.stringify(progress);
  if (isProgress(progress) && text !== told.progress) {
    told.progress = text;
    const { label, done, total, unit } = progress;
    yield { kind: "progress", student, label, done, unit, ...(total !== undefined && { total }) };
  }
}

/** Until a worker says something, it is 0. */
function isProgress(progress: unknown): progress is Progress {
  return typeof progress === "object" && progress !== null && "label" in progress;
}

function resultsOf({ jobs }: Errand, { returnvalue, failedReason }: Queued): ProblemResult[] {
  return returnvalue?.results ?? jobs.map((job) => notGradable(job, failedReason));
}

async function* census(
  pending: ReadonlySet<Errand>,
  redis: Redis,
  notices: Notices,
): AsyncGenerator<TaskEvent> {
  const cards = await workers(redis);
  for (const device of ["cpu", "gpu"] as const) {
    const [one] = [...pending].filter((errand) => errand.device === device);
    const reason = one && whyNoneTakes(cards, one.task.assignment, device);
    if (reason === undefined) notices.end(device);
    else yield* notices.say(device, reason);
  }
}

async function withdraw(pending: ReadonlySet<Errand>): Promise<void> {
  const remove = async (errand: Errand) => (await jobOf(errand))?.remove();
  await Promise.allSettled(atHand(pending).map(remove));
}

/** Each is said once, and again only when it has been different in between. */
class Notices {
  readonly #said = new Map<string, string>();

  *say(about: string, message: string): Generator<TaskEvent> {
    if (this.#said.get(about) !== message) yield { kind: "notice", message };
    this.#said.set(about, message);
  }

  end(about: string): void {
    this.#said.delete(about);
  }
}
