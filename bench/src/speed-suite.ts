// Compiled TensorFlow.js against PyTorch and, where it is asked for, eager TensorFlow.js: one table.
import * as tf from "@tensorflow/tfjs";
import { type Engine, eagerMilliseconds, PEAK_FLOPS, peak } from "./engines.ts";
import { describeMachine, machine } from "./machine.ts";
import { type Iterate, takeTurns } from "./measure.ts";
import { Notes } from "./notes.ts";
import type { EagerRow, Row } from "./rows/row.ts";
import { type Comparison, parseSpeedOptions, type SpeedOptions, speedHelp } from "./speed-options.ts";
import { figures, type Result, report, summaryLine } from "./speed-report.ts";
import type { Suite } from "./suite.ts";
import { LAYOUTS, TorchPeer } from "./torch.ts";

/** Rows that run uncompiled, too, or columns without that. */
export type AnyComparison =
  | (Comparison<EagerRow> & { hasEager: true })
  | (Comparison<Row> & { hasEager: false });

export function speedSuite(comparison: AnyComparison): Suite {
  const { name, summary } = comparison;
  return { name, summary, help: speedHelp(comparison), run: (argv) => run(argv, comparison) };
}

interface Bench extends Omit<SpeedOptions<Row>, "rows"> {
  torch: TorchPeer | undefined;
  /** The matrix product takes its turns too: it meets the same noise. */
  peak: Engine;
  notes: Notes;
}

async function run(argv: string[], comparison: AnyComparison): Promise<void> {
  const { hasEager } = comparison;
  const { rows, ...options } = parseSpeedOptions<Row>(argv, comparison);
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
    for (const row of rows) {
      process.stderr.write(`${row.title} ...\n`);
      const { result, bestPeak } = await measureRow(row, bench);
      results.push(result);
      peakFlops = Math.max(peakFlops, bestPeak);
      // At once, so that an interrupted run has not measured for nothing; the table at the end adds what needs all rows.
      process.stderr.write(`  ${summaryLine(result, peakFlops, hasEager)}\n`);
    }
    const facts = machine(torch?.version);
    if (json) {
      const measured = results.map(({ row, ...result }) => ({
        ...row,
        ...result,
        ...figures({ row, ...result }, peakFlops),
      }));
      const protocol = { seconds, device, threads, peakGflops: peakFlops / 1e9, machine: facts };
      console.log(JSON.stringify({ rows: measured, ...protocol, notes: notes.lines() }, null, 2));
      return;
    }
    console.log(report(results, peakFlops, hasEager));
    console.log(`${describeMachine(facts)}; ${device}, ${threads} threads`);
    for (const note of notes.lines()) console.log(`- ${note}`);
  } finally {
    torch?.close();
    await bench.peak.close();
  }
}

async function measureRow(row: Row, bench: Bench): Promise<{ result: Result; bestPeak: number }> {
  const { device, threads, seconds, torch, notes } = bench;
  const ours = row.compile({ device, threads });
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
  if (bench.eagerSeconds > 0) await measureEager(row as EagerRow, bench, result);
  return { result, bestPeak: PEAK_FLOPS / (product.min / 1000) };
}

async function measureEager(
  row: EagerRow,
  { device, eagerSeconds, notes }: Bench,
  result: Result,
): Promise<void> {
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
