/** One run, prepared: all that is needed to start, measure and end it. */

import type { ControlGroup } from "./cgroup.ts";
import type { Limits } from "./request.ts";
import type { Workspace } from "./workspace.ts";

export interface Job {
  /** See `prepared`. */
  command: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  runId: string;
  group: ControlGroup | undefined;
  limits: Limits;
  /** Our own processes among those that it starts. */
  helpers: number;
  /** The folders whose files are its output. */
  output: readonly string[];
  workspace: Workspace;
  signal: AbortSignal | undefined;
}
