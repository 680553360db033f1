/** Limits of a run, as an assignment writes them. */

import { z } from "zod";
import type { Limits } from "../run/request.ts";
import { bytes, count, duration } from "./fields.ts";

/** What holds where an assignment says nothing: enough for PyTorch's threads, and too little to take a machine down. */
export const DEFAULT_LIMITS: Limits = {
  wallSeconds: 600,
  memoryBytes: 16 * 2 ** 30,
  processes: 1000,
  outputBytes: 2 ** 30,
  outputFiles: 20_000,
};

const FIELDS = {
  wall: "wallSeconds",
  cpu: "cpuSeconds",
  memory: "memoryBytes",
  processes: "processes",
  output: "outputBytes",
  files: "outputFiles",
  captured: "capturedBytes",
} as const satisfies Record<string, keyof Limits>;

export const limits = z
  .strictObject({
    /** From start to end: `10 min`. */
    wall: duration.exactOptional(),
    /** User and system time of all processes. */
    cpu: duration.exactOptional(),
    /** Resident, of all processes: `16 GiB`. */
    memory: bytes.exactOptional(),
    /** Processes and threads at once. */
    processes: count("a number of processes of at least 1").exactOptional(),
    /** Of all files that it writes. */
    output: bytes.exactOptional(),
    files: count("a number of files of at least 1").exactOptional(),
    /** Kept of stdout and of stderr. */
    captured: bytes.exactOptional(),
  })
  .transform((given): Partial<Limits> => {
    const entries = Object.entries(given) as [keyof typeof FIELDS, number][];
    return Object.fromEntries(entries.map(([name, value]) => [FIELDS[name], value]));
  });
