// `pnpm bench profile ROW`: where the time of a row of `pnpm bench jit` or `pnpm bench models` goes, by operator.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { type Column, table, threeDigits } from "@touchstone/cli";
import type { JitOptions } from "@touchstone/jit";
import { describeMachine, machine } from "./machine.ts";
import { byOperator, byShapes, type Profile, readProfile, type Share, shares, sum } from "./ort-profile.ts";
import { JIT_ROWS } from "./rows/jit-rows.ts";
import { MODEL_ROWS } from "./rows/model-rows.ts";
import type { Row } from "./rows/row.ts";
import { type Suite, UsageError } from "./suite.ts";

const WARM_UPS = 2;
const ROWS: Row[] = [...new Set([...JIT_ROWS, ...MODEL_ROWS])];

const HELP = `Usage: pnpm bench profile ROW [options]

Where the time of one compiled row goes: ONNX Runtime's profile of its graph, by operator and by shapes.

  ROW               of ${ROWS.map(({ id }) => id).join(", ")}
  --top <n>         lines of each table (default: 20)
  --iterations <n>  after ${WARM_UPS} to warm up; each node counts by its best (default: 10)
  --threads <n>     default: one for each core
  --json            JSON on stdout instead of the tables

Example: pnpm bench profile unet-step --top 10`;

export const profileSuite: Suite = {
  name: "profile",
  summary: "where the time of a compiled function goes, by operator",
  help: HELP,
  run,
};

async function run(argv: string[]): Promise<void> {
  const { row, top, iterations, threads, json } = parseOptions(argv);
  await tf.setBackend("cpu"); // where inputs and weights are made
  const profile = await profileRow(row, iterations, { threads });
  const kernels = sum(profile.nodes, ({ milliseconds }) => milliseconds);
  const tables = {
    operators: shares(profile.nodes, byOperator).slice(0, top),
    nodes: shares(profile.nodes, byShapes).slice(0, top),
  };
  const facts = machine(undefined);
  if (json) {
    const { nodes, ...whole } = profile;
    const result = { row: row.id, threads, ...whole, kernelMilliseconds: kernels, ...tables, machine: facts };
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  console.log(table(columns("operator"), tables.operators));
  console.log(`\n${table(columns("node, inputs and outputs"), tables.nodes)}`);
  console.log(
    `\n${row.title}: ${profile.nodes.length} nodes; kernels ${kernels.toFixed(1)} ms, by each node's best of ` +
      `${profile.iterations} iterations; the fastest iteration ${profile.milliseconds.toFixed(1)} ms.\n` +
      "GFLOP/s where the FLOPs of all such nodes are known: products and convolutions whose weights are arguments.",
  );
  console.log(`${describeMachine(facts)}; cpu, ${threads} threads`);
}

/** The profile of the graph that is timed. */
export async function profileRow(row: Row, iterations: number, options: JitOptions): Promise<Profile> {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-profile-"));
  try {
    const engine = row.compile({ ...options, profile: join(folder, row.id) });
    try {
      for (let i = 0; i < WARM_UPS + iterations; i++) await engine.iterate();
    } finally {
      await engine.close();
    }
    // One for each signature, of which a row has one.
    const [file] = readdirSync(folder);
    if (!file) throw new Error("ONNX Runtime wrote no profile");
    return readProfile(readFileSync(join(folder, file), "utf8"), WARM_UPS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const columns = (title: string): Column<Share>[] => [
  { title, cell: ({ name }) => name },
  { title: "count", cell: ({ count }) => String(count) },
  { title: "ms", cell: ({ milliseconds }) => milliseconds.toFixed(2) },
  { title: "%", cell: ({ share }) => (100 * share).toFixed(1) },
  { title: "GFLOP/s", cell: ({ gflops }) => (gflops === undefined ? undefined : threeDigits(gflops)) },
];

/** @throws UsageError, or node:util's own for an option it does not know */
function parseOptions(argv: string[]) {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      top: { type: "string", default: "20" },
      iterations: { type: "string", default: "10" },
      threads: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
    },
  });
  const row = ROWS.find(({ id }) => id === positionals[0]);
  if (!row || positionals.length > 1) {
    const names = ROWS.map(({ id }) => id).join(", ");
    const found = positionals.length > 0 ? `"${positionals.join(" ")}"` : "nothing";
    throw new UsageError(`expected one row (${names}), found ${found}`);
  }
  return {
    row,
    top: count("--top", values.top),
    iterations: count("--iterations", values.iterations),
    threads: count("--threads", values.threads),
    json: values.json,
  };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(`${option}: expected a whole number of at least 1, found "${text}"`);
}
