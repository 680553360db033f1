/** What is run, within which limits, and what became of it. */

/** Each has its own verdict, and counts for all processes together. What is not given is not limited. */
export interface Limits {
  /** From the start of the process to its end; what we do before and after does not count. */
  wallSeconds: number;
  /** User and system time. */
  cpuSeconds?: number;
  /** Resident memory; what processes share counts once. */
  memoryBytes?: number;
  /** Processes and threads alive at once. */
  processes?: number;
  /** Of all files in the writable folders together, beyond what was there before. Its temporary folder may take as much again. */
  outputBytes?: number;
  /** As many folders, again, may be made. */
  outputFiles?: number;
  /** Kept of stdout and of stderr, each; what comes after is read and dropped. Default 1 MiB. */
  capturedBytes?: number;
}

export interface RunRequest {
  /** Program and arguments, found as a shell would in `cwd` and PATH. */
  command: readonly string[];
  /** The submission's own copy: the working directory, writable. */
  cwd: string;
  /** Folders that it may also write to: where its output goes. */
  writable: readonly string[];
  /** Folders and files that it may read besides the system's own, such as the test images. */
  readable: readonly string[];
  /** Folders whose content it must not see, such as the reference images and other submissions. */
  hidden: readonly string[];
  network: boolean;
  gpu: boolean;
  /** Added to a clean environment. */
  env?: Readonly<Record<string, string>>;
  limits: Limits;
  signal?: AbortSignal;
}

export type Verdict =
  | "ok"
  | "wall-time"
  | "cpu-time"
  | "memory"
  | "processes"
  | "output-bytes"
  | "output-files"
  /** It ended by itself with another exit code than 0, or by a signal that was not ours. */
  | "crashed";

/** What kept it apart: namespaces of bubblewrap, or a session of its own and a sweep of its descendants. */
export type Containment = "bwrap" | "session";

export interface RunOutcome {
  verdict: Verdict;
  /** One sentence for the student: which limit, how much of it was used. */
  detail: string;
  /** Null if it ended by a signal: also where a shell reports that as 128 + n. */
  exitCode: number | null;
  signal: string | null;
  wallSeconds: number;
  cpuSeconds: number;
  /** The highest of what was sampled. Undefined where it could not be measured. */
  peakMemoryBytes?: number;
  outputBytes: number;
  outputFiles: number;
  /** The first `capturedBytes`, decoded as UTF-8. */
  stdout: string;
  stderr: string;
  /** All that was written, also what was dropped. */
  stdoutBytes: number;
  stderrBytes: number;
  containment: Containment;
  /** How each limit was held: `memory: cgroup`; `network: not enforced`. */
  enforcement: Readonly<Record<string, string>>;
  /** Processes that were still alive when the main one had ended by itself, and were killed. */
  leftovers: number;
  /** ISO 8601. */
  startedAt: string;
  /** What the machine did: averages over 1, 5 and 15 minutes of the processes that ran or waited, just before it and just after. */
  load?: { start: number[]; end: number[] };
  /** Whether nothing else of ours was on its device: of a timed problem, where several are graded at once. */
  alone?: boolean;
}
