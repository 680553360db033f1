/** Runs one submission under its limits, apart from everything else, and leaves nothing of it running. */

import { randomUUID } from "node:crypto";
import { loadavg } from "node:os";
import { ownName } from "../files/own-folder.ts";
import {
  type Bubblewrap,
  bubblewrap,
  bubblewrapCommand,
  helperProcesses,
  type NoBubblewrap,
} from "./bubblewrap.ts";
import { ControlGroup, GROUP_PREFIX } from "./cgroup.ts";
import { checkRequest } from "./check-request.ts";
import { endingOf, judge } from "./ending.ts";
import { enforcementOf } from "./enforcement.ts";
import { ContainmentUnavailableError, UnseenProgramError } from "./errors.ts";
import type { Job } from "./job.ts";
import { prepared, supervised } from "./launcher.ts";
import { planMounts, shows } from "./mounts.ts";
import { hasProc } from "./processes.ts";
import { cleanEnvironment, findProgram } from "./program.ts";
import type { Containment, RunOutcome, RunRequest } from "./request.ts";
import { type End, supervise } from "./supervise.ts";
import { Workspace } from "./workspace.ts";

export interface RunOptions {
  /** Default: bubblewrap where it works. */
  containment?: Containment;
  /** Whether to make a control group where the system lets us. Default true. */
  controlGroup?: boolean;
}

/**
 * Ended at once by SIGKILL when it passes a limit: what a submission has written by then stays.
 * @throws RunError if it could not be run for a reason that is not the submission's fault
 * @throws the reason of `request.signal`, once everything has been stopped
 */
export async function run(request: RunRequest, options: RunOptions = {}): Promise<RunOutcome> {
  request.signal?.throwIfAborted();
  const checked = await checkRequest(request);
  const sandbox = await sandboxFor(options.containment);
  const workspace = await Workspace.open();
  const runId = randomUUID();
  const helpers = "reason" in sandbox ? 1 : helperProcesses;
  let group: ControlGroup | undefined;
  try {
    if (options.controlGroup ?? true)
      group = ControlGroup.create(ownName(GROUP_PREFIX, runId), request.limits, helpers);
    return await runWith(checked, { sandbox, workspace, runId, helpers, group });
  } finally {
    await group?.remove();
    await workspace.remove();
  }
}

async function sandboxFor(wanted: Containment | undefined): Promise<Bubblewrap | NoBubblewrap> {
  if (wanted === "session") return { reason: "it was asked for" };
  const sandbox = await bubblewrap();
  if (wanted === "bwrap" && "reason" in sandbox) throw new ContainmentUnavailableError(sandbox.reason);
  return sandbox;
}

interface Means extends Pick<Job, "workspace" | "runId" | "helpers" | "group"> {
  sandbox: Bubblewrap | NoBubblewrap;
}

async function runWith(request: RunRequest, means: Means): Promise<RunOutcome> {
  const { sandbox, workspace, group } = means;
  const { limits, cwd, signal } = request;
  const contained = !("reason" in sandbox);
  const circumstances = {
    containment: contained ? "bwrap" : "session",
    enforcement: enforcementOf(request, {
      withoutBubblewrap: contained ? undefined : sandbox.reason,
      group,
      proc: hasProc,
    }),
    startedAt: new Date().toISOString(),
  } as const;
  const start = loadavg();
  const env = cleanEnvironment(request, contained ? "/tmp" : workspace.scratch, means.runId);
  const [name = "", ...arguments_] = request.command;
  const program = findProgram(name, cwd, env.PATH ?? "");
  if ("problem" in program) return { ...neverStarted(program.problem), ...circumstances };

  const supervisor = supervised([program.path, ...arguments_]);
  const command = contained
    ? [...bubblewrapped(request, sandbox, workspace, program.path), ...supervisor]
    : supervisor;
  const end = await supervise({
    ...means,
    limits,
    signal,
    env,
    command: prepared(command, limits, group),
    cwd: contained ? "/" : cwd,
    output: [cwd, ...request.writable],
  });
  return {
    ...outcomeOf(end, contained, request, group),
    ...circumstances,
    load: { start, end: loadavg() },
  };
}

function bubblewrapped(
  request: RunRequest,
  sandbox: Bubblewrap,
  { scratch }: Workspace,
  program: string,
): string[] {
  const { cwd, network, limits } = request;
  const mounts = planMounts({ ...request, scratch, writable: [cwd, ...request.writable] });
  if (!shows(mounts, program)) throw new UnseenProgramError(program);
  return bubblewrapCommand({
    bubblewrap: sandbox,
    mounts,
    network,
    cwd,
    sharedMemoryBytes: limits.memoryBytes,
  });
}

type Ended = Omit<RunOutcome, "containment" | "enforcement" | "startedAt" | "load" | "alone">;

function outcomeOf(
  end: End,
  contained: boolean,
  { limits }: RunRequest,
  group: ControlGroup | undefined,
): Ended {
  const ending = endingOf(end.code, end.signal);
  const { verdict, detail } = end.exceeded ?? judge({ ...end, ending, limits, group });
  const inside = Math.max(0, (end.seenInside ?? 0) - (helperProcesses - 1));
  return {
    verdict,
    detail,
    ...ending,
    wallSeconds: end.wallSeconds,
    cpuSeconds: end.cpuSeconds,
    ...(end.peakMemoryBytes === undefined ? {} : { peakMemoryBytes: end.peakMemoryBytes }),
    outputBytes: end.output.bytes,
    outputFiles: end.output.files,
    stdout: end.stdout.text,
    stderr: end.stderr.text,
    stdoutBytes: end.stdout.bytes,
    stderrBytes: end.stderr.bytes,
    leftovers: end.exceeded ? 0 : contained ? inside : end.foundOutside,
  };
}

/** The submission's fault: it names a program that is not there. 127 is what a shell would say. */
function neverStarted(detail: string): Ended {
  const nothing = { wallSeconds: 0, cpuSeconds: 0, outputBytes: 0, outputFiles: 0, leftovers: 0 };
  const silence = { stdout: "", stderr: "", stdoutBytes: 0, stderrBytes: 0 };
  return { verdict: "crashed", detail, exitCode: 127, signal: null, ...nothing, ...silence };
}
