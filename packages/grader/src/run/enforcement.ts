/** Says how each limit was held, as it is: also where it was not. */

import type { ControlGroup } from "./cgroup.ts";
import type { Limits, RunRequest } from "./request.ts";

export interface Means {
  /** Undefined under bubblewrap; else why it was not used. */
  withoutBubblewrap: string | undefined;
  group: ControlGroup | undefined;
  /** Whether processes can be looked at while they run. */
  proc: boolean;
}

const none = "not limited";
const missing = "not enforced";

export function enforcementOf(request: RunRequest, means: Means): Record<string, string> {
  const { limits } = request;
  const { group, withoutBubblewrap } = means;
  const apart = withoutBubblewrap === undefined;
  const sampled = means.proc ? "sampled" : missing;
  const rlimit = (name: string) =>
    means.proc ? `sampled, rlimit ${name} for each process` : `rlimit ${name}`;
  const limited = (limit: keyof Limits, how: string) => (limits[limit] === undefined ? none : how);
  return {
    containment: apart ? "bubblewrap" : `session, because ${withoutBubblewrap}`,
    leftovers: leftovers(means),
    wall: "timer",
    cpu: limited("cpuSeconds", group?.cpuSeconds() === undefined ? rlimit("CPU") : "cgroup, rlimit CPU"),
    memory: limited("memoryBytes", group?.limitsMemory ? "cgroup" : rlimit("DATA")),
    processes: limited("processes", group?.limitsProcesses ? "cgroup" : sampled),
    outputBytes: limited("outputBytes", "sampled, rlimit FSIZE for each file"),
    outputFiles: limited("outputFiles", "sampled"),
    network: request.network ? "allowed" : apart ? "namespace" : missing,
    otherProcesses: apart ? "process namespace" : missing,
    gpu: request.gpu
      ? "allowed"
      : apart
        ? "devices absent, CUDA_VISIBLE_DEVICES empty"
        : "CUDA_VISIBLE_DEVICES empty",
    writing: apart ? "mounts read-only" : missing,
    hidden: apart ? "absent from its mounts" : request.hidden.length > 0 ? missing : "nothing to hide",
  };
}

function leftovers({ withoutBubblewrap, group, proc }: Means): string {
  if (withoutBubblewrap === undefined) return "process namespace";
  if (group) return "cgroup, sweep of /proc";
  return proc
    ? "sweep of /proc; a daemon that has cleared its environment is not found"
    : "process group; one that leaves it is not found";
}
