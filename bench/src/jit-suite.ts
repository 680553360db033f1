// `pnpm bench jit`: compiled TensorFlow.js against PyTorch and eager TensorFlow.js, one table.
import * as tf from "@tensorflow/tfjs";
import { compiled, type Engine, eagerMilliseconds, PEAK_FLOPS, peak } from "./engines.ts";
import { JIT_HELP, type JitBenchOptions, parseJitOptions } from "./jit-options.ts";
import { figures, type Result, report, summaryLine } from "./jit-report.ts";
import { describeMachine, machine } from "./machine.ts";
import { type Iterate, takeTurns } from "./measure.ts";
import { Notes } from "./notes.ts";
import type { Row } from "./rows.ts";
import type { Suite } from "./suite.ts";
import { LAYOUTS, TorchPeer } from "./torch.ts";

export const jitSuite: Suite = {
  name: "jit",
  summary: "compiled functions against PyTorch and eager TensorFlow.js",
  help: JIT_HELP,
  run,
};

interface Bench extends JitBenchOptions {
  torch: TorchPeer | undefined;
  /** The matrix product takes its turns too: it meets the same noise. */
  peak: Engine;
  notes: Notes;
}

async function run(argv: string[]): Promise<void> {
  const options = parseJitOptions(argv);
  const { seconds, device, threads, json } = options;
  await tf.setBackend("cpu"); // where inputs and weights are made
  const notes = new Notes();
  const torch = await TorchPeer.start(device === "cuda" ? "cuda" : "cpu", threads).catch((error: Error) => {
    notes.add("PyTorch", error);
    return undefined;
  });
  const bench = { ...options, torch, notes, peak: peak({ device, threads }) };
  try {
    const results: Result[] = [];
    let peakFlops = 0;
    for (const row of options.rows) {
      process.stderr.write(`${row.title} ...\n`);
      const { result, bestPeak } = await measureRow(row, bench);
      results.push(result);
      peakFlops = Math.max(peakFlops, bestPeak);
      // At once, so that an interrupted run has not measured for nothing; the table at the end adds what needs all rows.
      process.stderr.write(`  ${summaryLine(result, peakFlops)}\n`);
    }
    const facts = machine(torch?.version);
    if (json) {
      const rows = results.map(({ row, ...result }) => ({
        ...row,
        ...result,
        ...figures({ row, ...result }, peakFlops),
      }));
      const protocol = { seconds, device, threads, peakGflops: peakFlops / 1e9, machine: facts };
      console.log(JSON.stringify({ rows, ...protocol, notes: notes.lines() }, null, 2));
      return;
    }
    console.log(report(results, peakFlops));
    console.log(`${describeMachine(facts)}; ${device}, ${threads} threads`);
    for (const note of notes.lines()) console.log(`- ${note}`);
  } finally {
    torch?.close();
    await bench.peak.close();
  }
}

async function measureRow(row: Row, bench: Bench): Promise<{ result: Result; bestPeak: number }> {
  const { device, threads, seconds, torch, notes } = bench;
  const ours = compiled(row, { device, threads });
  const engines: Record<string, Iterate> = { peak: bench.peak.iterate, ours: ours.iterate };
  if (torch) for (const layout of LAYOUTS) engines[layout] = () => torch.iterate(row, layout);
  const outcomes = await takeTurns(engines, seconds);
  await ours.close();

  const result: Result = { row, timings: {} };
  for (const name of ["ours", ...LAYOUTS] as const) {
    const outcome = outcomes[name];
    if (outcome instanceof Error) notes.add(name === "ours" ? name : `PyTorch ${name}`, outcome, row.id);
    else if (outcome) result.timings[name] = outcome;
  }
  const product = outcomes.peak;
  if (!product || product instanceof Error) throw product ?? new Error("the matrix product was not timed");
  await measureEager(row, bench, result);
  return { result, bestPeak: PEAK_FLOPS / (product.min / 1000) };
}

async function measureEager(row: Row, { device, eagerSeconds, notes }: Bench, result: Result): Promise<void> {
  if (eagerSeconds === 0) return;
  const columns = [
    ["tfjsNode", device === "cuda" ? "tensorflow-gpu" : "tensorflow"],
    ["tfjsWasm", "wasm"],
  ] as const;
  for (const [column, backend] of columns) {
    try {
      result[column] = (1000 * row.batch) / (await eagerMilliseconds(row, backend, eagerSeconds));
    } catch (error) {
      notes.add(`eager ${backend}`, error as Error, row.id);
    }
  }
}
