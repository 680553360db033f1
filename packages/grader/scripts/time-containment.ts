/**
 * What a run costs beyond the submission itself: the same command in each containment, and started plainly.
 *
 *   npx tsx packages/grader/scripts/time-containment.ts [runs]
 */

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { table } from "@touchstone/cli";
import type { Containment, RunRequest } from "../src/run/request.ts";
import { run } from "../src/run/run.ts";

const runs = Number(process.argv[2] ?? 30);
const cwd = await mkdtemp(join(tmpdir(), "touchstone-time-"));
const request: RunRequest = {
  command: ["true"],
  cwd,
  writable: [],
  readable: [],
  hidden: [],
  network: false,
  gpu: false,
  limits: {
    wallSeconds: 60,
    cpuSeconds: 60,
    memoryBytes: 2 ** 30,
    processes: 50,
    outputBytes: 2 ** 20,
    outputFiles: 100,
  },
};

const contained = (containment: Containment, controlGroup: boolean) => async () => {
  const { verdict, detail } = await run(request, { containment, controlGroup });
  if (verdict !== "ok") throw new Error(detail);
};
const ways: Record<string, () => Promise<unknown>> = {
  "plain execFile": () => promisify(execFile)("true"),
  session: contained("session", false),
  "session, control group": contained("session", true),
  bwrap: contained("bwrap", false),
  "bwrap, control group": contained("bwrap", true),
};

const times = Object.entries(ways).map(([way, start]) => ({ way, start, milliseconds: [] as number[] }));
// In turns, so that what else the machine does falls on all alike; the first turn warms up.
for (let turn = 0; turn <= runs; turn++) {
  for (const { start, milliseconds } of times) {
    const began = performance.now();
    await start();
    if (turn > 0) milliseconds.push(performance.now() - began);
  }
}
await rm(cwd, { recursive: true });

interface Row {
  way: string;
  sorted: readonly number[];
}

const share = (title: string, part: number) => ({
  title,
  cell: ({ sorted }: Row) => sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(1),
});
const rows = times.map(({ way, milliseconds }) => ({
  way,
  sorted: milliseconds.toSorted((one, other) => one - other),
}));
const columns = [
  { title: "ms a run", cell: ({ way }: Row) => way },
  share("least", 0),
  share("median", 0.5),
  share("90 %", 0.9),
];
console.log(table(columns, rows));
