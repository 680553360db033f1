/** Opens a file with what the system opens such files with. */

import { spawn } from "node:child_process";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Where there is no such program (a server), the path on standard error has to do. */
export function openFile(path: string): void {
  const [program, ...words] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...words, path], { stdio: "ignore", detached: true });
  child.on("error", () => process.stderr.write(`${program} is not here; open ${path} in a browser.\n`));
  child.unref();
}
