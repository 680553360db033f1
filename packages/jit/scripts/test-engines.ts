/**
 * Runs the kernel suites on the engines that are present: graphs compiled for another device, and functions run eagerly on
 * other tfjs backends. WebGPU runs on the machine's GPU, or without one on SwiftShader, a software Vulkan driver.
 *
 *   pnpm test:engines          see --help
 */

import { fork, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { ENGINES, type EngineName } from "../test/engine.ts";
import { KERNEL_SUITES, WEBGPU_SUITES } from "../test/suites.ts";
import type { Probe } from "./probe-engine.ts";
import { findSwiftShader } from "./swiftshader.ts";

const NAMES = (Object.keys(ENGINES) as EngineName[]).filter((name) => name !== "compiled-cpu");
const SUITES = [...KERNEL_SUITES, ...WEBGPU_SUITES];

const HELP = `Run the kernel tests of @touchstone/jit on other engines than ONNX Runtime's CPU provider.

Usage: pnpm test:engines [ENGINE...] [SUITE...] [VITEST OPTION...]

  ENGINE          ${NAMES.slice(0, 3).join(" ")}
                  ${NAMES.slice(3).join(" ")}
                  (default: all that work here)
  SUITE           ${KERNEL_SUITES.slice(0, 10).join(" ")}
                  ${KERNEL_SUITES.slice(10, 16).join(" ")}
                  ${KERNEL_SUITES.slice(16).join(" ")}, and of compiled-webgpu ${WEBGPU_SUITES.join(" ")}
                  (default: all of them)
  VITEST OPTION   handed on to vitest, e.g. -t softmax
  --help          this text

compiled-*: graphs on a provider of ONNX Runtime; eager-*: a tfjs backend (docs/tensorflow.md says how to add tensorflow).
Tests that fail on an engine for a known reason are skipped, with the reason: test/known/ lists them.

Environment:
  VK_ICD_FILENAMES            the Vulkan driver (default: the system's; on Linux SwiftShader of an installed Chromium)
  TOUCHSTONE_TEST_RUNS        random inputs of each property test (default: 2)
  TOUCHSTONE_TEST_KNOWN=run   run the known failures as well

Example: pnpm test:engines eager-wasm conv pool

Exit codes: 0 all passed; 1 a test failed; 2 an engine named does not work here, or none does, or vitest did not start.`;

/** Of one test: a software driver on a busy machine takes over a minute for some. */
const PATIENCE_MS = 600_000;
const packageRoot = resolve(import.meta.dirname, "..");

async function main(): Promise<number> {
  const args = process.argv.slice(2).filter((arg, i) => !(i === 0 && arg === "--")); // pnpm hands on its own `--`
  if (args.includes("--help") || args.includes("-h")) {
    console.log(HELP);
    return 0;
  }
  const named = NAMES.filter((name) => args.includes(name));
  const suites = SUITES.filter((suite) => args.includes(suite));
  const rest = args.filter((arg) => ![...named, ...suites].includes(arg));
  process.env.TOUCHSTONE_TEST_RUNS ??= "2";
  chooseDriver();

  const working: EngineName[] = [];
  for (const name of named.length > 0 ? named : NAMES) {
    const probe = await ask(name);
    console.log(`${name.padEnd(21)} ${probe.works ? "works" : `absent: ${probe.reason}`}`);
    if (probe.works) working.push(name);
  }
  if (working.length < Math.max(1, named.length)) return 2;
  const codes = working.map((name) => runVitest(name, suites, rest));
  return Math.max(...codes);
}

/** The Vulkan loader reads the variable when a process first uses it. */
function chooseDriver(): void {
  if (process.env.VK_ICD_FILENAMES || process.platform !== "linux") return;
  const found = findSwiftShader();
  if (!found) return;
  process.env.VK_ICD_FILENAMES = found;
  console.log(`Vulkan driver: ${found} (SwiftShader; VK_ICD_FILENAMES names another)`);
}

/** In a process of its own: a native library that is broken takes its process with it. */
async function ask(name: EngineName): Promise<Probe> {
  const env = { ...process.env, TOUCHSTONE_TEST_ENGINE: name };
  const child = fork(new URL("./probe-engine.ts", import.meta.url), [], { env, stdio: "ignore" });
  let answer: Probe | undefined;
  child.on("message", (message: Probe) => {
    answer = message;
  });
  const how = await new Promise((done) => child.once("exit", (code, signal) => done(signal ?? code)));
  return answer ?? { works: false, reason: `the process ended with ${how} when it was used` };
}

function runVitest(name: EngineName, suites: string[], options: string[]): number {
  const all = name === "compiled-webgpu" ? SUITES : KERNEL_SUITES;
  const files = (suites.length > 0 ? suites : all).map((suite) => `test/${suite}.test.ts`);
  console.log(`\n${name}`);
  const child = spawnSync(
    "pnpm",
    ["exec", "vitest", "run", ...files, `--testTimeout=${PATIENCE_MS}`, ...options],
    {
      cwd: packageRoot,
      stdio: "inherit",
      shell: process.platform === "win32",
      env: { ...process.env, TOUCHSTONE_TEST_ENGINE: name },
    },
  );
  if (child.error) console.error(`vitest did not start: ${child.error.message}`);
  return child.status ?? 2;
}

process.exitCode = await main();
