/**
 * Finds the folder with `node_api.h`. Node-API is stable across Node versions, so headers of another Node (or the
 * npm package `node-api-headers`) do as well as this Node's own.
 */

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SetupError } from "./setup-error.ts";

/** `roots`: where to look for the npm package `node-api-headers`. */
export function findNodeHeaders(env: NodeJS.ProcessEnv, roots: string[]): string {
  const candidates = [
    ...(env.npm_config_nodedir ? [join(env.npm_config_nodedir, "include", "node")] : []),
    resolve(dirname(process.execPath), "..", "include", "node"),
    ...nodeGypCaches(env),
    ...roots.flatMap(nodeApiHeaders),
  ];
  const found = candidates.find((dir) => existsSync(join(dir, "node_api.h")));
  if (found) return found;
  throw new SetupError({
    problem: "Node's C headers were not found.",
    expected: "node_api.h",
    found: `none in ${candidates.join(", ")}`,
    remedy: [
      "pnpm add -w -D node-api-headers   (the headers alone, from the npm registry), then run this command again",
      "or set npm_config_nodedir to a Node installation that has include/node",
    ],
  });
}

/** What `node-gyp install` has downloaded: this Node's version first. */
function nodeGypCaches(env: NodeJS.ProcessEnv): string[] {
  const cache = env.npm_config_devdir ?? join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "node-gyp");
  if (!existsSync(cache)) return [];
  const own = process.versions.node;
  const versions = readdirSync(cache).sort((a, b) => Number(b === own) - Number(a === own));
  return versions.map((version) => join(cache, version, "include", "node"));
}

function nodeApiHeaders(root: string): string[] {
  try {
    const manifest = createRequire(join(root, "package.json")).resolve("node-api-headers/package.json");
    return [join(dirname(manifest), "include")];
  } catch {
    return [];
  }
}
