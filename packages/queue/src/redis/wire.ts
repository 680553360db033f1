/** What goes through Redis: names, and tasks whose paths begin at a folder that every machine has somewhere else. */

import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve } from "node:path";
import { UsageError } from "@touchstone/cli";
import { build, type Job, type ProblemResult, safeName } from "@touchstone/grader";
import { type Device, devicesOf } from "../locks/devices.ts";
import type { Tries } from "../run-task.ts";
import type { AssignmentFile, GradingTask } from "../task.ts";

/** Of a job of BullMQ. */
export interface JobData {
  task: GradingTask;
  /** Of the results; see `shared-folder.ts`. */
  token: string;
  tries: Tries;
}

export interface JobResult {
  results: ProblemResult[];
}

/** Those who would not grade alike do not meet: another file of the assignment, another build of Touchstone. */
export function queueName({ id, sha256 }: Pick<AssignmentFile, "id" | "sha256">, device: Device): string {
  return `touchstone-${id}-${sha256.slice(0, 16)}-${build()}-${device}`;
}

/** Which workers a task is for. */
export function deviceOf(task: GradingTask, jobs: readonly Job[]): Device {
  return jobs.some((job) => devicesOf(job, task.options.device).includes("gpu")) ? "gpu" : "cpu";
}

/** The same task: the same id, so that it is not there twice. */
export function jobId(task: GradingTask): string {
  const hash = createHash("sha256").update(JSON.stringify(task)).digest("hex").slice(0, 16);
  return `${safeName(task.student)}-${hash}`;
}

/** As it travels: what lies below `root` begins there. */
export function toWire(task: GradingTask, root: string | undefined): GradingTask {
  if (root === undefined) return task;
  return withPaths(task, (path) => {
    const inside = relative(root, path);
    return inside.startsWith("..") || isAbsolute(inside) ? path : inside === "" ? "." : inside;
  });
}

/** @param root where such paths begin here  @throws UsageError where they do, and no root was given */
export function fromWire(task: GradingTask, root: string | undefined): GradingTask {
  return withPaths(task, (path) => {
    if (isAbsolute(path)) return path;
    if (root === undefined) throw new UsageError("--root", `the folder in which "${path}" is`, "none");
    return resolve(root, path);
  });
}

function withPaths(task: GradingTask, change: (path: string) => string): GradingTask {
  const { data, reference, privateReference, readable, hide, ...options } = task.options;
  return {
    ...task,
    submission: change(task.submission),
    results: change(task.results),
    options: {
      ...options,
      ...(data !== undefined && { data: change(data) }),
      ...(reference !== undefined && { reference: change(reference) }),
      ...(privateReference !== undefined && { privateReference: change(privateReference) }),
      ...(readable && { readable: readable.map(change) }),
      ...(hide && { hide: hide.map(change) }),
    },
  };
}
