/**
 * Builds the native part of `@tensorflow/tfjs-node` (or `-gpu`) against a TensorFlow that is already on the machine,
 * for machines where the package's own download does not work, and for CUDA versions newer than its 11.
 *
 *   pnpm tensorflow:build          see --help, and docs/tensorflow.md
 */

import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadBinding, runBinding } from "./tensorflow/check-binding.ts";
import { compileBinding, findCompiler } from "./tensorflow/compile-binding.ts";
import { type BindingPackage, findBindingPackages } from "./tensorflow/find-binding-packages.ts";
import { findNodeHeaders } from "./tensorflow/find-node-headers.ts";
import { findTensorFlow, type TensorFlow } from "./tensorflow/find-tensorflow.ts";
import { SetupError } from "./tensorflow/setup-error.ts";

const HELP = `Build the native binding of @tensorflow/tfjs-node or @tensorflow/tfjs-node-gpu against an installed TensorFlow.

Usage: pnpm tensorflow:build [--package DIR]

  --package DIR   the package to build for (default: every one of the two that this workspace has installed)
  --help          this text

Environment:
  TENSORFLOW_LIB_DIR      folder with libtensorflow_cc.so.2 or libtensorflow.so (default: ask Python)
  TENSORFLOW_INCLUDE_DIR  folder with tensorflow/c/eager/c_api.h (default: include/ in or beside that folder)
  PYTHON                  the Python that has tensorflow or tensorflow-cpu (default: python3)
  CXX                     the C++ compiler (default: g++, c++ or clang++)
  npm_config_nodedir      a Node installation with include/node/node_api.h (default: the running one)

Example:
  pnpm add -w @tensorflow/tfjs-node@4.22.0 --ignore-scripts
  python3 -m pip install --target /opt/tensorflow --no-deps tensorflow-cpu
  TENSORFLOW_LIB_DIR=/opt/tensorflow/tensorflow pnpm tensorflow:build

Exit codes: 0 built and checked; 2 something is missing or wrong in the setup; 4 a fault of this script.`;

const NO_GPU = `note          no GPU was usable: there is no NVIDIA GPU or driver here, or this TensorFlow is a CPU build, or
              its CUDA libraries are missing. Install 'tensorflow[and-cuda]', build again and look at this line.`;

const packageRoot = resolve(import.meta.dirname, "..");
const workspaceRoot = resolve(packageRoot, "..", "..");
/** pnpm runs scripts from the workspace root; relative paths are meant from where the user stands. */
const userDir = process.env.INIT_CWD ?? process.cwd();

function main(): void {
  const { help, package: packageDir } = readArguments();
  if (help) {
    console.log(HELP);
    return;
  }
  requireLinux();
  const roots = [workspaceRoot, packageRoot];
  const packages = findBindingPackages(packageDir && resolve(userDir, packageDir), roots);
  const tensorFlow = findTensorFlow({ env: process.env, cwd: userDir });
  const nodeHeaders = findNodeHeaders(process.env, roots);
  const compiler = findCompiler(process.env);
  console.log(`TensorFlow    ${tensorFlow.libDir} (${tensorFlow.source})`);
  console.log(`Node headers  ${nodeHeaders}`);
  for (const pkg of packages) build(pkg, tensorFlow, nodeHeaders, compiler);
}

/** A build that fails leaves an addon that worked before as it was. */
function build(pkg: BindingPackage, tensorFlow: TensorFlow, nodeHeaders: string, compiler: string): void {
  console.log(`compiling     ${pkg.name} ${pkg.version} with ${compiler}`);
  const started = performance.now();
  const folder = dirname(pkg.addonFile);
  const unchecked = join(folder, `unchecked-${process.pid}.node`);
  makeFolder(folder);
  try {
    compileBinding({ package: pkg, tensorFlow, nodeHeaders, compiler, output: unchecked });
    const { tensorFlowVersion, device } = loadBinding(unchecked);
    renameSync(unchecked, pkg.addonFile);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`built         ${pkg.addonFile} in ${seconds} s`);
    runBinding(pkg.dir);
    console.log(
      `checked       require("${pkg.name}") computes with TensorFlow ${tensorFlowVersion} on ${device}`,
    );
    if (pkg.name.endsWith("-gpu") && device === "CPU") console.log(NO_GPU);
  } finally {
    rmSync(unchecked, { force: true });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError({
      problem: `${folder} cannot be made.`,
      expected: "a package folder that this user may write to",
      found: (error as Error).message,
      remedy: ["install the package as this user, or change the folder's owner"],
    });
  }
}

function requireLinux(): void {
  if (process.platform === "linux") return;
  throw new SetupError({
    problem: "This command builds on Linux only.",
    expected: "linux",
    found: process.platform,
    remedy: ["let the package install itself: npm rebuild @tensorflow/tfjs-node --build-addon-from-source"],
  });
}

function readArguments(): { help: boolean; package: string | undefined } {
  const args = process.argv.slice(2).filter((arg, i) => !(i === 0 && arg === "--")); // pnpm hands on its own `--`
  try {
    const options = { help: { type: "boolean", short: "h" }, package: { type: "string" } } as const;
    const { values } = parseArgs({ args, options });
    return { help: values.help ?? false, package: values.package };
  } catch (error) {
    throw new SetupError({
      problem: "The arguments were not understood.",
      expected: "pnpm tensorflow:build [--package DIR]",
      found: (error as Error).message,
      remedy: ["pnpm tensorflow:build --help"],
    });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof SetupError)) {
    console.error(error);
    process.exit(4);
  }
  console.error(error.message);
  process.exit(2);
}
