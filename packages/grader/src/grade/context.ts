/** What every job of a grading has in common. */

import type { Records } from "../records/index.ts";
import type { RunOptions } from "../run/index.ts";
import type { ScoreContext } from "../score/context.ts";

export interface GradeContext extends Omit<ScoreContext, "output" | "run"> {
  /** Folder of records, and of what submissions made. */
  results: string;
  records: Records;
  /** Absent for the built-in models. */
  submission?: { id: string; path: string };
  /** What a submission must not see besides reference data, labels, results, caches, and what lies beside it. */
  hidden: readonly string[];
  /** What it may read besides the system: an installation of Python in somebody's home. */
  readable: readonly string[];
  /** Added to its clean environment. */
  env: Readonly<Record<string, string>>;
  /** Grade again what was graded before. */
  fresh: boolean;
  /**
   * Where several are graded at once: waits until nothing else of ours is on the device, and returns what ends that. Taken around the run of
   * a timed problem, and around that alone.
   */
  alone?(device: "cpu" | "gpu"): Promise<() => Promise<void>>;
  /** Default: bubblewrap where it works. */
  containment?: RunOptions["containment"];
}

/** Whose the records of the built-in models are. */
export const BUILTIN = "builtin";
