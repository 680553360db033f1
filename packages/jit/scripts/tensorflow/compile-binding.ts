/**
 * Compiles tfjs-node's C++ source into its Node addon with one direct compiler call.
 *
 * Not node-gyp: it would download Node's headers, and the package's binding.gyp insists on a library named
 * libtensorflow.so under its own deps/lib. The source is two files that use nothing but two C APIs (Node's and
 * TensorFlow's), so no C++ ABI has to match.
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { BindingPackage } from "./find-binding-packages.ts";
import type { TensorFlow } from "./find-tensorflow.ts";
import { SetupError } from "./setup-error.ts";

export interface CompileOptions {
  package: BindingPackage;
  tensorFlow: TensorFlow;
  nodeHeaders: string;
  compiler: string;
  /** The addon to write. */
  output: string;
}

/** $CXX, or the first of the usual names that runs. */
export function findCompiler(env: NodeJS.ProcessEnv): string {
  const names = env.CXX ? [env.CXX] : ["g++", "c++", "clang++"];
  const found = names.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found) return found;
  throw new SetupError({
    problem: "No C++ compiler was found.",
    expected: "a compiler with C++17 as $CXX, or g++, c++ or clang++ on PATH",
    found: `${names.join(", ")}: cannot be run`,
    remedy: ["install one (Debian, Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++)"],
  });
}

/** Throws a SetupError with the compiler's first lines when it fails. */
export function compileBinding(options: CompileOptions): void {
  const { compiler, package: pkg } = options;
  const { status, stderr, error } = spawnSync(compiler, compilerArguments(options), { encoding: "utf8" });
  if (status === 0) return;
  throw new SetupError({
    problem: `${compiler} could not compile the binding of ${pkg.name}.`,
    expected: `the source of ${pkg.name} ${pkg.version} to compile against ${options.tensorFlow.includeDir}`,
    found: error?.message ?? firstLines(stderr, 12),
    remedy: [
      "another TensorFlow version (2.21 is known to work), or a compiler with C++17",
      "the headers must belong to the library: see TENSORFLOW_INCLUDE_DIR in --help",
    ],
  });
}

function compilerArguments({ package: pkg, tensorFlow, nodeHeaders, output }: CompileOptions): string[] {
  const sourceDir = join(pkg.dir, "binding");
  const sources = readdirSync(sourceDir).filter((name) => name.endsWith(".cc"));
  return [
    ...["-std=c++17", "-O2", "-fPIC", "-shared"],
    `-DNAPI_VERSION=${pkg.napiVersion}`,
    "-DNODE_GYP_MODULE_NAME=tfjs_binding",
    ...[`-I${nodeHeaders}`, `-I${tensorFlow.includeDir}`],
    ...sources.map((name) => join(sourceDir, name)),
    ...["-o", output, `-L${tensorFlow.libDir}`],
    ...tensorFlow.libraries.map((name) => `-l:${name}`),
    // An rpath, so that no program needs LD_LIBRARY_PATH. The old kind (DT_RPATH) also serves the libraries that
    // TensorFlow opens by itself, where TensorFlow has no search path of its own; the CUDA wheel has one.
    "-Wl,--disable-new-dtags",
    ...rpaths(pkg, tensorFlow).flatMap((dir) => ["-Xlinker", "-rpath", "-Xlinker", dir]),
    // A function that this TensorFlow lacks fails when the addon is loaded, not at its first call.
    "-Wl,-z,now",
  ];
}

/** A CPU build names no CUDA folders: other Python packages, PyTorch among them, bring such folders too. */
function rpaths(pkg: BindingPackage, { libDir, cudaLibDirs }: TensorFlow): string[] {
  return pkg.name.endsWith("-gpu") ? [libDir, ...cudaLibDirs] : [libDir];
}

function firstLines(text: string, count: number): string {
  const lines = text.trim().split("\n");
  const rest = lines.length > count ? [`... ${lines.length - count} more lines`] : [];
  return [...lines.slice(0, count), ...rest].join("\n");
}
