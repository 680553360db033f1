// `pnpm bench tsne`: t-SNE programs on the same points, each in a process of its own, all judged by one divergence.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { type Column, table } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { klDivergence, type Points } from "@touchstone/tsne";
import { describeMachine, machine } from "./machine.ts";
import { Notes } from "./notes.ts";
import { type Suite, UsageError, whole } from "./suite.ts";

/** What a program's process prints. */
export interface TsneRun {
  seconds: number;
  /** Of all its threads. */
  cpu: number;
  iterations: number;
  /** scikit-learn's own. */
  version?: string;
}

const PYTHON = process.env.PYTHON || "python3";
const PEER = fileURLToPath(new URL("../peers/tsne_bench.py", import.meta.url));
const WORKER = fileURLToPath(new URL("tsne-worker.ts", import.meta.url));
const PERPLEXITY = 30;
const CLUSTERS = 10;

interface Program {
  name: string;
  command: string;
  args: string[];
}

const javaScript = (name: string): Program => ({
  name,
  command: process.execPath,
  args: ["--import", "tsx", WORKER, name],
});
const scikitLearn = (method: string): Program => ({
  name: `scikit-learn, ${method}`,
  command: PYTHON,
  args: ["-B", PEER, method],
});
const PROGRAMS = [
  javaScript("touchstone"),
  scikitLearn("barnes_hut"),
  scikitLearn("exact"),
  javaScript("@saehrimnir/druidjs"),
  javaScript("@keckelt/tsne"),
];

const HELP = `Usage: pnpm bench tsne [options]

t-SNE of seeded points, against scikit-learn (needs PYTHON, default python3, with scikit-learn), druidjs and
@keckelt/tsne. (tsne-js is not among them: it gave no result for 2,000 points in 300 s.) Each is a process of its own, one after the other; imports and files are not timed.

  --points <n>      default: 2000
  --dims <n>        default: 512
  --iterations <n>  default: 1000
  --programs <a,b>  those whose names contain one of these (default: all): ${PROGRAMS.map(({ name }) => name.replace(", ", " ")).join(", ")}
  --limit <s>       seconds a program may take (default: 300)
  --json            JSON on stdout instead of the table

Example: PYTHON=python3 pnpm bench tsne --points 500`;

export const tsneSuite: Suite = { name: "tsne", summary: "t-SNE against other programs", help: HELP, run };

interface Row extends Partial<TsneRun> {
  name: string;
  divergence?: number;
  /** Why there is nothing else. */
  failure?: string;
  loadAverage: number;
}

async function run(argv: string[]): Promise<void> {
  const { points: count, dims, iterations, programs, limit, json } = parseOptions(argv);
  const folder = mkdtempSync(join(tmpdir(), "touchstone-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const points = features(count, dims);
  writeFileSync(join(folder, "points"), points.data);

  const rows: Row[] = [];
  const notes = new Notes();
  for (const program of programs) {
    process.stderr.write(`${program.name} ...\n`);
    const row = await measured(program, points, iterations, limit, folder);
    if (row.failure) notes.add(row.name, new Error(row.failure));
    rows.push(row);
  }
  const facts = machine(undefined);
  if (json) {
    console.log(
      JSON.stringify({ count, dims, iterations, perplexity: PERPLEXITY, rows, machine: facts }, null, 2),
    );
    return;
  }
  console.log(report(rows, notes));
  console.log(`${count} points, ${dims} dimensions, perplexity ${PERPLEXITY}.`);
  const version = rows.find((row) => row.version)?.version;
  console.log(`${describeMachine(facts)}${version ? `, scikit-learn ${version}` : ""}`);
}

/** Positive parts of normal numbers around ten centres: as a network's features after its last ReLU. */
function features(count: number, dims: number): Points {
  const generator = generatorFromSeed(0);
  const centres = generator.normal(CLUSTERS * dims);
  const noise = generator.normal(count * dims);
  const data = noise.map((z, i) => {
    const cluster = Math.floor(i / dims) % CLUSTERS;
    return Math.max(0, centres[cluster * dims + (i % dims)]! + 1.5 * z);
  });
  return { data, count, dims };
}

async function measured(
  { name, command, args }: Program,
  points: Points,
  iterations: number,
  limit: number,
  folder: string,
): Promise<Row> {
  const target = join(folder, "embedding");
  const input = [
    join(folder, "points"),
    String(points.count),
    String(iterations),
    String(PERPLEXITY),
    target,
  ];
  try {
    const options = { timeout: 1000 * limit, maxBuffer: 2 ** 26 };
    const { stdout } = await promisify(execFile)(command, [...args, ...input], options);
    const bytes = readFileSync(target);
    const embedding = new Float32Array(new Uint8Array(bytes).buffer);
    return {
      name,
      ...JSON.parse(stdout.trim().split("\n").at(-1)!),
      divergence: klDivergence(points, PERPLEXITY, embedding),
      loadAverage: loadavg()[0]!,
    };
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string };
    const failure = killed
      ? `no result within ${limit} s`
      : stderr
          ?.trim()
          .split("\n")
          .findLast((line) => /error/i.test(line)) || message.split("\n")[0]!;
    return { name, failure, loadAverage: loadavg()[0]! };
  } finally {
    rmSync(target, { force: true });
  }
}

const COLUMNS: Column<Row>[] = [
  { title: "program", cell: ({ name }) => name },
  { title: "seconds", cell: ({ seconds }) => seconds?.toFixed(1) },
  { title: "CPU s", cell: ({ cpu }) => cpu?.toFixed(1) },
  { title: "iterations", cell: ({ iterations }) => iterations?.toFixed(0) },
  { title: "KL divergence", cell: ({ divergence }) => divergence?.toFixed(4) },
  { title: "load", cell: ({ loadAverage }) => loadAverage.toFixed(1) },
];

function report(rows: Row[], notes: Notes): string {
  return [
    table(COLUMNS, rows),
    "",
    ...notes.lines(),
    "The divergence is computed from each embedding by the same function: the smaller the better.",
  ].join("\n");
}

function parseOptions(argv: string[]) {
  const { values } = parseArgs({
    args: argv,
    strict: true,
    allowPositionals: false,
    options: {
      points: { type: "string", default: "2000" },
      dims: { type: "string", default: "512" },
      iterations: { type: "string", default: "1000" },
      programs: { type: "string", default: "" },
      limit: { type: "string", default: "300" },
      json: { type: "boolean", default: false },
    },
  });
  const wanted = values.programs.split(",");
  const programs = PROGRAMS.filter(({ name }) =>
    wanted.some((word) => name.replace(", ", " ").includes(word)),
  );
  if (programs.length === 0)
    throw new UsageError(`--programs: expected names of some, found "${values.programs}"`);
  return {
    points: whole("--points", values.points, PERPLEXITY + 1),
    dims: whole("--dims", values.dims, 2),
    iterations: whole("--iterations", values.iterations, 250), // scikit-learn's least
    limit: whole("--limit", values.limit, 1),
    programs,
    json: values.json,
  };
}
