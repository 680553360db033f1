// `pnpm bench fid`: from two folders of images to their FID, against pytorch-fid, each in a process of its own.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { type Column, table, threeDigits } from "@touchstone/cli";
import { PEAK_FLOPS, peak } from "./engines.ts";
import { describeMachine, machine } from "./machine.ts";
import { inceptionSpecs } from "./models/inception.ts";
import { weightFlops } from "./models/params.ts";
import { type Suite, UsageError, whole } from "./suite.ts";

/** Seconds of each phase, and the distance. */
export interface FidRun {
  /** From the start of the process until the network can be used: ours is compiled for a first batch, which counts here. */
  startUp: number;
  /** Reading and decoding every file before the network runs; pytorch-fid does not. */
  check?: number;
  features: number;
  distance: number;
  value: number;
}

const PYTHON = process.env.PYTHON || "python3";
const PEER = fileURLToPath(new URL("../peers/pytorch_fid_bench.py", import.meta.url));
const WORKER = fileURLToPath(new URL("fid-worker.ts", import.meta.url));
const PEAK_ROUNDS = 5;

const HELP = `Usage: pnpm bench fid [options]

From two folders of PNGs of 64 x 64 to their FID with 2,048 features, against pytorch-fid (needs PYTHON, default python3,
with torch, torchvision and pytorch-fid). Both load the same random weights; images are seeded. Each run is a process of its own.

  --images <n>     of both folders together (default: 2025)
  --workers <a,b>  processes in which pytorch-fid reads images (default: 0,1,2)
  --repeats <n>    of all, in turns; the fastest run of each counts (default: 1)
  --threads <n>    default: one for each core
  --json           JSON on stdout instead of the table

Example: PYTHON=python3 pnpm bench fid --images 200 --workers 0`;

export const fidSuite: Suite = { name: "fid", summary: "images to FID against pytorch-fid", help: HELP, run };

interface Program {
  name: string;
  run(): Promise<FidRun>;
}

interface Row {
  name: string;
  run: FidRun;
  /** Images a second from the files to the distance, the start-up left out. */
  speed: number;
  shareOfPeak: number;
  loadAverage: number;
}

async function run(argv: string[]): Promise<void> {
  const { images, workers, repeats, threads, json } = parseOptions(argv);
  await tf.setBackend("cpu");
  const folder = mkdtempSync(join(tmpdir(), "touchstone-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const { torch } = await peer<{ torch: string }>("prepare", folder, "--images", String(images));
  const programs = [
    { name: "touchstone", run: () => ours(folder, threads) },
    ...workers.map((n) => ({
      name: `pytorch-fid, ${n} workers`,
      run: () => theirs(folder, n, threads),
    })),
  ];
  process.stderr.write("first opening ...\n");
  const first = await firstOpening(folder, threads);

  const product = peak({ device: "cpu", threads });
  let peakFlops = 0;
  const best = new Map<string, Row>();
  for (let round = 0; round < repeats; round++) {
    for (const program of programs) {
      process.stderr.write(`${program.name} ...\n`);
      peakFlops = Math.max(peakFlops, await measuredPeak(product.iterate));
      const row = await measured(program, images);
      process.stderr.write(
        `  ${row.speed.toFixed(2)} images/s, load average ${row.loadAverage.toFixed(1)}\n`,
      );
      const known = best.get(row.name);
      if (!known || row.speed > known.speed) best.set(row.name, row);
    }
  }
  await product.close();
  const rows = [...best.values()].map((row) => ({ ...row, shareOfPeak: row.shareOfPeak / peakFlops }));
  const facts = machine(torch);
  if (json) {
    console.log(
      JSON.stringify({ images, threads, first, peakGflops: peakFlops / 1e9, rows, machine: facts }, null, 2),
    );
    return;
  }
  console.log(report(rows, images, first, peakFlops));
  console.log(`${describeMachine(facts)}; ${threads} threads`);
}

async function measured({ name, run }: Program, images: number): Promise<Row> {
  const result = await run();
  const { check = 0, features, distance } = result;
  return {
    name,
    run: result,
    speed: images / (check + features + distance),
    shareOfPeak: (weightFlops(inceptionSpecs()) * images) / features, // of 1 FLOP/s, until the peak is known
    loadAverage: loadavg()[0]!,
  };
}

async function measuredPeak(iterate: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < PEAK_ROUNDS; i++) times.push(await iterate());
  return PEAK_FLOPS / (Math.min(...times) / 1000);
}

/** Of two images, with nothing in the cache: the weights are converted, which happens once. */
async function firstOpening(folder: string, threads: number): Promise<number> {
  const few = join(folder, "few");
  mkdirSync(few);
  await peer("prepare", few, "--images", "4");
  const { startUp } = await worker(folder, threads, join(few, "a"), join(few, "b"));
  return startUp;
}

const ours = (folder: string, threads: number) =>
  worker(folder, threads, join(folder, "a"), join(folder, "b"));

async function worker(folder: string, threads: number, a: string, b: string): Promise<FidRun> {
  const args = [join(folder, "weights.pth"), String(Date.now()), String(threads), a, b];
  const env = { ...process.env, TOUCHSTONE_CACHE: join(folder, "cache") };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", WORKER, ...args], {
    env,
  });
  return JSON.parse(stdout);
}

const theirs = (folder: string, workers: number, threads: number) =>
  peer<FidRun>(
    "run",
    folder,
    ...["--workers", String(workers), "--threads", String(threads)],
    ...["--started", String(Date.now() / 1000)],
  );

/** @throws UsageError if Python lacks what the script needs */
async function peer<T>(...args: string[]): Promise<T> {
  try {
    const { stdout } = await promisify(execFile)(PYTHON, ["-B", PEER, ...args], { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout.trim().split("\n").at(-1)!); // pytorch-fid may print a warning before
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = stderr?.trim().split("\n").at(-1) || message;
    throw new UsageError(`${PYTHON}: ${reason}; PYTHON=... names another interpreter`);
  }
}

const seconds = (value: number | undefined) => value?.toFixed(1);
const COLUMNS: Column<Row>[] = [
  { title: "program", cell: ({ name }) => name },
  { title: "start-up s", cell: ({ run }) => seconds(run.startUp) },
  { title: "check s", cell: ({ run }) => seconds(run.check) },
  { title: "features s", cell: ({ run }) => seconds(run.features) },
  { title: "distance s", cell: ({ run }) => seconds(run.distance) },
  { title: "images/s", cell: ({ speed }) => threeDigits(speed) },
  { title: "% of peak", cell: ({ shareOfPeak }) => (100 * shareOfPeak).toFixed(0) },
  { title: "load", cell: ({ loadAverage }) => loadAverage.toFixed(1) },
  { title: "FID", cell: ({ run }) => run.value.toFixed(6) },
];

function report(rows: Row[], images: number, first: number, peakFlops: number): string {
  const [own, ...others] = rows;
  const ratio = (speed: (row: Row) => number) => (speed(own!) / Math.max(...others.map(speed))).toFixed(2);
  return [
    table(COLUMNS, rows),
    "",
    `${images} images. Images/s: from the files to the distance, without the start-up; ` +
      `ours / pytorch-fid's best: ${ratio(({ speed }) => speed)}, of the features alone ${ratio(({ run }) => 1 / run.features)}.`,
    `The first start-up of all, which converts the weights: ${first.toFixed(1)} s.`,
    `Peak: a 2048 x 2048 x 2048 fp32 matrix product at ${(peakFlops / 1e9).toFixed(0)} GFLOP/s; ` +
      "the share of it is that of the network's FLOPs in the time of the features, reading and resizing included.",
  ].join("\n");
}

function parseOptions(argv: string[]) {
  const { values } = parseArgs({
    args: argv,
    options: {
      images: { type: "string", default: "2025" },
      workers: { type: "string", default: "0,1,2" },
      repeats: { type: "string", default: "1" },
      threads: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
    },
  });
  return {
    images: whole("--images", values.images, 4),
    workers: values.workers.split(",").map((text) => whole("--workers", text, 0)),
    repeats: whole("--repeats", values.repeats, 1),
    threads: whole("--threads", values.threads, 1),
    json: values.json,
  };
}
