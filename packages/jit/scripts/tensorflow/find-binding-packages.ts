/**
 * Finds the installed npm packages whose binding can be built: `@tensorflow/tfjs-node` and `-gpu`.
 *
 * Both stay optional: nothing in this repository depends on them, because their own install script downloads
 * TensorFlow. So they may be absent, and then the user is told how to add them without running that script.
 */

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as util from "node:util";
import { SetupError } from "./setup-error.ts";

const NAMES = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"] as const;

export interface BindingPackage {
  /** The real folder: pnpm's links point into its virtual store. */
  dir: string;
  name: string;
  version: string;
  /** The newest Node-API version that both the package and this Node know. */
  napiVersion: number;
  /** Where the package's index.js looks for its addon. */
  addonFile: string;
}

interface Manifest {
  name?: string;
  version?: string;
  binary?: { module_name?: string; napi_versions?: number[] };
}

/** The package in `dir`, or else every one that resolves from one of `roots`. Throws when there is none. */
export function findBindingPackages(dir: string | undefined, roots: string[]): BindingPackage[] {
  if (dir !== undefined) return [readBindingPackage(resolve(dir))];
  const found = NAMES.flatMap((name) => resolveFrom(name, roots) ?? []).map(readBindingPackage);
  if (found.length > 0) return found;
  throw new SetupError({
    problem: "@tensorflow/tfjs-node is not installed.",
    expected: `${NAMES.join(" or ")} in node_modules`,
    found: `neither of them from ${roots.join(" or from ")}`,
    remedy: [
      "pnpm add -w @tensorflow/tfjs-node@4.22.0 --ignore-scripts       (CPU)",
      "pnpm add -w @tensorflow/tfjs-node-gpu@4.22.0 --ignore-scripts   (CUDA)",
      "then run this command again; --package DIR points at one that lies elsewhere",
    ],
  });
}

function resolveFrom(name: string, roots: string[]): string | undefined {
  for (const root of roots) {
    try {
      return resolve(createRequire(join(root, "package.json")).resolve(`${name}/package.json`), "..");
    } catch {
      // not reachable from here
    }
  }
  return undefined;
}

function readBindingPackage(dir: string): BindingPackage {
  const manifest = readManifest(dir);
  const moduleName = manifest?.binary?.module_name;
  const napiVersions = manifest?.binary?.napi_versions;
  if (!manifest?.name || !moduleName || !napiVersions || !existsSync(join(dir, "binding"))) {
    throw new SetupError({
      problem: `${dir} is not a tfjs-node package.`,
      expected: "package.json with a `binary` section, and the C++ source in binding/",
      found: manifest
        ? `package.json of ${manifest.name ?? "a package without a name"}`
        : "no readable package.json",
      remedy: ["point --package at node_modules/@tensorflow/tfjs-node (or tfjs-node-gpu)"],
    });
  }
  requireUsableNode(dir, manifest);
  const realDir = realpathSync(dir);
  const napiVersion = newestNodeApi(napiVersions, manifest.name);
  return {
    dir: realDir,
    name: manifest.name,
    version: manifest.version ?? "",
    napiVersion,
    addonFile: join(realDir, "lib", `napi-v${napiVersion}`, `${moduleName}.node`),
  };
}

function readManifest(dir: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

/** The rule of @mapbox/node-pre-gyp's `find`, by which the package locates its addon at run time. */
function newestNodeApi(offered: number[], name: string): number {
  const own = Number(process.versions.napi);
  const best = Math.max(...offered.filter((version) => version <= own));
  if (Number.isFinite(best)) return best;
  throw new SetupError({
    problem: `${name} does not support this Node.`,
    expected: `Node-API ${offered.join(", ")}`,
    found: `Node ${process.version} with Node-API ${own}`,
    remedy: ["use Node 20 or 22"],
  });
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined` in almost every op; Node 23 removed it. */
function requireUsableNode(dir: string, { name, version }: Manifest): void {
  const backend = join(dir, "dist", "nodejs_kernel_backend.js");
  const callsRemovedApi = existsSync(backend) && readFileSync(backend, "utf8").includes("isNullOrUndefined");
  if (!callsRemovedApi || "isNullOrUndefined" in util) return;
  throw new SetupError({
    problem: `${name} ${version} does not work on Node ${process.version}.`,
    expected: "Node 22 or older: the package calls util.isNullOrUndefined, which Node 23 removed",
    found: `Node ${process.version}`,
    remedy: ["run Node 20 or 22, for this command and for every program that loads the package"],
  });
}
