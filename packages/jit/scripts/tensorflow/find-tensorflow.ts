/**
 * Finds TensorFlow's C library and its headers: the folder named by TENSORFLOW_LIB_DIR, else the Python package
 * `tensorflow` or `tensorflow-cpu`, whose wheels carry both. Python is only asked where the package lies;
 * importing TensorFlow would take seconds and fail without the rest of its dependencies, which are not needed.
 */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { locatePythonPackage } from "./locate-python-package.ts";
import { SetupError } from "./setup-error.ts";

/** A C-API library in order of preference: the wheels' name first, then the names in the C tarball. */
const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow.so.2", "libtensorflow.so"];
const FRAMEWORKS = ["libtensorflow_framework.so.2", "libtensorflow_framework.so"];
/** The headers that the binding includes: the second one is missing from some packagings of the C API. */
const HEADERS = ["tensorflow/c/eager/c_api.h", "tensorflow/core/platform/ctstring_internal.h"];

const INSTALL = [
  "python3 -m pip install --target DIR --no-deps tensorflow-cpu   (only the library is needed)",
  "TENSORFLOW_LIB_DIR=DIR/tensorflow pnpm tensorflow:build",
  "or, for CUDA, in a virtual environment: pip install 'tensorflow[and-cuda]', and PYTHON=that/bin/python",
];

export interface TensorFlow {
  libDir: string;
  /** File names in `libDir` to link with. */
  libraries: string[];
  includeDir: string;
  /** The lib folders of the nvidia-* wheels beside the library; empty without CUDA. */
  cudaLibDirs: string[];
  /** How it was found, for the user to read. */
  source: string;
}

export interface FindTensorFlowOptions {
  env: NodeJS.ProcessEnv;
  /** Relative paths in `env` start here. */
  cwd: string;
}

export function findTensorFlow({ env, cwd }: FindTensorFlowOptions): TensorFlow {
  if (env.TENSORFLOW_LIB_DIR) {
    const libDir = resolve(cwd, env.TENSORFLOW_LIB_DIR);
    return describe(libDir, "TENSORFLOW_LIB_DIR", env, cwd);
  }
  const python = env.PYTHON || "python3";
  const located = locatePythonPackage(python, "tensorflow", { env, cwd });
  if (typeof located === "string") throw notFound(`TENSORFLOW_LIB_DIR is not set, and ${located}`);
  const [packageDir] = located;
  if (!packageDir) throw notFound(`TENSORFLOW_LIB_DIR is not set, and ${python} has no package tensorflow`);
  return describe(packageDir, `${python}'s tensorflow`, env, cwd);
}

function notFound(found: string): SetupError {
  return new SetupError({
    problem: "TensorFlow's C library was not found.",
    expected: "TENSORFLOW_LIB_DIR, or a Python (PYTHON, default python3) with tensorflow or tensorflow-cpu",
    found,
    remedy: INSTALL,
  });
}

function describe(libDir: string, source: string, env: NodeJS.ProcessEnv, cwd: string): TensorFlow {
  const has = (name: string) => existsSync(join(libDir, name));
  const library = LIBRARIES.find(has);
  const framework = FRAMEWORKS.find(has);
  if (!library || !framework) {
    throw new SetupError({
      problem: `No TensorFlow C library in ${libDir} (from ${source}).`,
      expected: `${LIBRARIES.join(" or ")}, together with ${FRAMEWORKS.join(" or ")}`,
      found: existsSync(libDir)
        ? `neither pair; shared libraries there: ${sharedLibraries(libDir)}`
        : "no such folder",
      remedy: INSTALL,
    });
  }
  return {
    libDir,
    libraries: [library, framework],
    includeDir: findIncludeDir(libDir, env, cwd),
    cudaLibDirs: nvidiaLibDirs(libDir),
    source,
  };
}

function findIncludeDir(libDir: string, env: NodeJS.ProcessEnv, cwd: string): string {
  const candidates = env.TENSORFLOW_INCLUDE_DIR
    ? [resolve(cwd, env.TENSORFLOW_INCLUDE_DIR)]
    : [join(libDir, "include"), join(dirname(libDir), "include")]; // the wheel's layout, then the C tarball's
  const missing = (dir: string) => HEADERS.filter((header) => !existsSync(join(dir, header)));
  const complete = candidates.find((dir) => missing(dir).length === 0);
  if (complete) return complete;
  throw new SetupError({
    problem: "TensorFlow's C headers were not found.",
    expected: HEADERS.join(" and "),
    found: candidates.map((dir) => `${dir}: ${missing(dir).join(" and ")} missing`).join("\n"),
    remedy: ["set TENSORFLOW_INCLUDE_DIR to the folder that holds tensorflow/c/eager/c_api.h"],
  });
}

function sharedLibraries(dir: string): string {
  const names = readdirSync(dir).filter((name) => name.includes(".so"));
  return names.slice(0, 8).join(", ") || "none";
}

/** Where pip puts the nvidia-* wheels that `tensorflow[and-cuda]` brings: nvidia/<part>/lib beside the package. */
function nvidiaLibDirs(libDir: string): string[] {
  const nvidia = join(dirname(libDir), "nvidia");
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .map((part) => join(nvidia, part, "lib"))
    .filter((dir) => existsSync(dir));
}
