/** The commands that a person types, for scripts: what `pnpm sample ...` prints. */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Its progress goes to this process's standard error. @returns its standard output  @throws Error where it fails */
export function command(name: string, args: readonly string[]): string {
  const bin = fileURLToPath(new URL(`../../commands/bin/${name}.mjs`, import.meta.url));
  return execFileSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}
