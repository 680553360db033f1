// Benchmarks against peers: `pnpm bench jit`, `pnpm bench models`, `pnpm bench fid`, `pnpm bench tsne`, `pnpm bench profile`, `pnpm bench --help`.
import { fidSuite } from "./fid-suite.ts";
import { profileSuite } from "./profile-suite.ts";
import { JIT_ROWS } from "./rows/jit-rows.ts";
import { MODEL_ROWS } from "./rows/model-rows.ts";
import { speedSuite } from "./speed-suite.ts";
import { type Suite, UsageError } from "./suite.ts";
import { tsneSuite } from "./tsne-suite.ts";

const SUITES: Suite[] = [
  speedSuite({
    name: "jit",
    summary: "compiled functions against PyTorch and eager TensorFlow.js",
    rows: JIT_ROWS,
    hasEager: true,
  }),
  speedSuite({
    name: "models",
    summary: "training steps and sampling against PyTorch",
    rows: MODEL_ROWS,
    hasEager: false,
  }),
  fidSuite,
  tsneSuite,
  profileSuite,
];

const HELP = `Usage: pnpm bench <suite> [options]

Suites:
${SUITES.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}`).join("\n")}

Example: pnpm bench jit --help`;

function isUsageError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS")
  );
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h") {
    console.log(HELP);
    return 0;
  }
  const suite = SUITES.find((candidate) => candidate.name === name);
  if (!suite) {
    const names = SUITES.map((candidate) => candidate.name).join(", ");
    console.error(`bench: expected a suite (${names}), found ${name ? `"${name}"` : "nothing"}\n\n${HELP}`);
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log(suite.help);
    return 0;
  }
  try {
    await suite.run(rest);
    return 0;
  } catch (error) {
    if (!isUsageError(error)) throw error;
    console.error(`bench ${suite.name}: ${error.message}`);
    return 2;
  }
}

process.exit(await main(process.argv.slice(2)));
