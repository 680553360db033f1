/** Starts what was prepared, watches it to its end or to its limit, and sees to it that nothing is left. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Capture } from "./capture.ts";
import { RunStartError } from "./errors.ts";
import { Family } from "./family.ts";
import type { Job } from "./job.ts";
import { type Judgement, Meter, overWall } from "./meter.ts";
import { Report } from "./report.ts";
import type { Usage } from "./usage.ts";

export interface End {
  /** The limit that it was stopped for. */
  exceeded: Judgement | undefined;
  code: number | null;
  signal: NodeJS.Signals | null;
  wallSeconds: number;
  cpuSeconds: number;
  peakMemoryBytes: number | undefined;
  output: Usage;
  stdout: Capture;
  stderr: Capture;
  /** Alive after its end: as the supervisor saw from inside, and as we found from outside. */
  seenInside: number | undefined;
  foundOutside: number;
}

const defaultCapturedBytes = 2 ** 20;
const samplingMs = 50;
/** Sampling may take this share of our time at most. */
const samplingShare = 0.1;
/** The sandbox is up in a fraction of a second; a machine that needs longer than this is not fit to time anything. */
const startMs = 60_000;
/** For the last of the output, once every process that could write has gone. */
const drainMs = 2000;

/** @throws RunStartError, LeftoverProcessesError, and the reason of `job.signal` once all is stopped */
export async function supervise(job: Job): Promise<End> {
  const { limits, workspace } = job;
  const meter = new Meter(job);
  const child = await start(job);
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const family = new Family(child.pid!, job.runId, job.group);
  const [stdout, stderr] = workspace.readers.map(
    (reader) => new Capture(reader, limits.capturedBytes ?? defaultCapturedBytes),
  ) as [Capture, Capture];

  let exceeded: Judgement | undefined;
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, act: () => void) => timers.add(setTimeout(act, ms));
  const kill = () => family.kill();
  const stop = (limit: Judgement) => {
    // It may have ended a moment ago, and a busy machine not have told us: then it kept the limit.
    if (exceeded || family.ended) return;
    exceeded = limit;
    kill();
  };
  const sample = () => {
    const began = performance.now();
    const limit = meter.sample(family);
    if (limit) stop(limit);
    else after(Math.max(samplingMs, (performance.now() - began) / samplingShare), sample);
  };
  let over = false;
  const report = new Report(child.stdio[3] as Readable, () => {
    meter.begin();
    // What is short may have ended before we read that it began.
    if (over) return;
    after(limits.wallSeconds * 1000, () => stop(overWall(limits)));
    sample();
  });
  after(startMs, () => report.startedAt === undefined && kill());
  job.signal?.addEventListener("abort", kill);
  if (job.signal?.aborted) kill();

  const [code, signal] = await exit;
  const exitedAt = performance.now();
  over = true;
  for (const timer of timers) clearTimeout(timer);
  job.signal?.removeEventListener("abort", kill);
  const foundOutside = await family.end();
  await drained([...workspace.readers, child.stdio[3] as Readable]);
  job.signal?.throwIfAborted();
  if (report.startedAt === undefined) throw new RunStartError(stderr.text);
  return {
    exceeded,
    code,
    signal,
    wallSeconds: Math.max(0, (report.endedAt ?? exitedAt) - report.startedAt) / 1000,
    cpuSeconds: Math.max(meter.cpuSeconds, report.cpuSeconds),
    peakMemoryBytes: meter.peakMemoryBytes,
    output: meter.output(),
    stdout,
    stderr,
    seenInside: report.processes,
    foundOutside,
  };
}

/** Plain `spawn`: what a library adds to it (streams, its own timeouts and signals) is just what has to be in our hands here. */
async function start({ command, cwd, env, workspace }: Job): Promise<ChildProcess> {
  try {
    const child = spawn(command[0]!, command.slice(1), {
      cwd,
      env,
      // A session of its own.
      detached: true,
      stdio: ["ignore", ...workspace.writers, "pipe"],
    });
    await once(child, "spawn");
    return child;
  } catch (error) {
    throw new RunStartError((error as Error).message, { cause: error });
  } finally {
    workspace.closeWriters();
  }
}

/** A pipe that something out of our reach holds open must not hold us. */
async function drained(streams: readonly Readable[]): Promise<void> {
  const timeout = new AbortController();
  const ends = streams.map((stream) => finished(stream, { writable: false }).catch(() => {}));
  await Promise.race([
    Promise.all(ends),
    sleep(drainMs, undefined, { signal: timeout.signal }).catch(() => {}),
  ]);
  timeout.abort();
  for (const stream of streams) stream.destroy();
}
