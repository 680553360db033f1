/** The processes that the proof starts and kills: this same script in another role. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { redisQueue, runWorker } from "../../src/index.ts";
import type { GradingTask } from "../../src/task.ts";
import type { Done } from "./checks.ts";

const SCRIPT = fileURLToPath(new URL("../prove-queue.ts", import.meta.url));

export interface CoordinatorJob {
  url: string;
  tasks: GradingTask[];
  /** Where it writes what was done. */
  out: string;
}

export interface WorkerJob {
  url: string;
  assignment: string;
  lostAfter: number;
}

export interface Started {
  /** Its exit code, or null after a signal. */
  exit: Promise<number | null>;
  /** @param signal SIGKILL where none is given */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** @param log where it says what it has to say */
export function start(role: "coordinator", job: CoordinatorJob, log: string): Started;
export function start(role: "worker", job: WorkerJob, log: string): Started;
export function start(role: string, job: CoordinatorJob | WorkerJob, log: string): Started {
  const file = `${log}.json`;
  writeFileSync(file, JSON.stringify(job));
  const to = openSync(log, "a");
  const loader = import.meta.resolve("tsx/esm");
  const child = spawn(process.execPath, ["--import", loader, SCRIPT, `--role=${role}`, file], {
    stdio: ["ignore", to, to, "ipc"],
  });
  closeSync(to);
  const exit = once(child, "exit").then(([code]) => code as number | null);
  return {
    exit,
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await exit;
    },
  };
}

/** What a process in this role does. */
export async function play(role: string, file: string): Promise<void> {
  // None outlives the proof that is stopped.
  process.on("disconnect", () => process.exit());
  process.channel?.unref();
  const job = JSON.parse(readFileSync(file, "utf8"));
  if (role === "worker") await beWorker(job);
  else await beCoordinator(job);
  process.exit(); // Where Redis has gone, its connections would wait for it.
}

async function beWorker({ url, assignment, lostAfter }: WorkerJob): Promise<void> {
  const controller = new AbortController();
  process.on("SIGTERM", () => controller.abort());
  const say = (line: string) => process.stderr.write(`${line}\n`);
  while (!controller.signal.aborted) {
    try {
      await runWorker({ url, assignment, device: "cpu", jobs: 1, lostAfter, say }, controller.signal);
    } catch (error) {
      // Redis is down just when it starts: whoever supervises it would start it again.
      if ((error as { code?: string }).code !== "QUEUE_REDIS") throw error;
    }
  }
}

async function beCoordinator({ url, tasks, out }: CoordinatorJob): Promise<void> {
  const queue = redisQueue({ url });
  const done: [string, unknown][] = [];
  for await (const event of queue.run(tasks)) {
    if (event.kind === "done") done.push([event.student, event.results]);
    else if (event.kind === "notice") process.stderr.write(`${event.message}\n`);
  }
  writeFileSync(out, JSON.stringify(done));
  await queue.close();
}

export function readDone(file: string): Done {
  return new Map(JSON.parse(readFileSync(file, "utf8")));
}
