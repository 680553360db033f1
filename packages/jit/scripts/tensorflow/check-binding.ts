/**
 * Checks a built addon in a fresh Node process, as a user's program will meet it: without LD_LIBRARY_PATH, so that
 * a forgotten rpath shows here and not later.
 */

import { spawnSync } from "node:child_process";
import { SetupError } from "./setup-error.ts";

export interface BindingReport {
  tensorFlowVersion: string;
  device: "CPU" | "GPU";
}

const LOAD = `
const binding = require(process.argv[1]);
report({ tensorFlowVersion: binding.TF_Version, device: binding.isUsingGpuDevice() ? "GPU" : "CPU" });
`;

// A product and a convolution: [[1,2],[3,4]]^2, and a 2x2 box filter over 3x3 ones.
const RUN = `
const tf = require(process.argv[1]);
const product = tf.matMul([[1, 2], [3, 4]], [[1, 2], [3, 4]]).dataSync();
const conv = tf.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([2, 2, 1, 1]), 1, "valid").dataSync();
report({ values: [...product, ...conv] });
`;

/** Loads the addon alone: every symbol must resolve. */
export function loadBinding(addonFile: string): BindingReport {
  return inFreshNode(LOAD, addonFile, "The built binding does not load.") as BindingReport;
}

/** Loads the package the way a program does, and computes with it. */
export function runBinding(packageDir: string): void {
  const problem = `The binding was built, but require(${JSON.stringify(packageDir)}) does not work.`;
  const { values } = inFreshNode(RUN, packageDir, problem) as { values: number[] };
  const right = [7, 10, 15, 22, 4, 4, 4, 4];
  if (values.join() === right.join()) return;
  throw failure("The binding computes wrong values.", right.join(), values.join());
}

function inFreshNode(script: string, argument: string, problem: string): unknown {
  const prelude = `const report = (value) => process.stdout.write("\\n" + JSON.stringify(value));`;
  // Level 2 hides TensorFlow's remarks about the CPU, which are not errors.
  const env: NodeJS.ProcessEnv = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" };
  delete env.LD_LIBRARY_PATH;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ["-e", prelude + script, argument], {
    env,
    encoding: "utf8",
  });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const message = stderr.split("\n").find((line) => /^\w*Error: /.test(line)) ?? stderr.trim().slice(-500);
  throw failure(problem, "the addon to load and compute", message || `it was ended by ${signal ?? status}`);
}

function failure(problem: string, expected: string, found: string): SetupError {
  return new SetupError({
    problem,
    expected,
    found,
    remedy: [
      "`undefined symbol` or `version ... not found`: use another TensorFlow version (2.21 is known to work)",
      "`cannot open shared object file`: the TensorFlow folder is incomplete; install it again",
    ],
  });
}
