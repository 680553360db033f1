/** Where files that were downloaded or imported are kept. */

import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The cache folder, absolute: `TOUCHSTONE_CACHE`, else `touchstone` in `XDG_CACHE_HOME`, else `~/.cache/touchstone`.
 * Nothing in it is lost that cannot be fetched or imported again. A copy of it behind a web server is a mirror.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TOUCHSTONE_CACHE) return resolve(env.TOUCHSTONE_CACHE);
  // "All paths set in these environment variables must be absolute": XDG Base Directory Specification.
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "touchstone");
}
