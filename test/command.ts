/** Runs a command as `pnpm <command>` does, and folders that vanish with the test. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * @param onStderr called with all that was written so far, and a function that sends a signal
 * @returns its end, and the same function
 */
export function command(
  name: "classify" | "data" | "fid" | "grade" | "predict" | "sample" | "train",
  args: string[],
  onStderr: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Ended> & { pid: number; kill(signal: NodeJS.Signals): void } {
  const script = fileURLToPath(new URL(`node_modules/@touchstone/commands/bin/${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    ended.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    ended.stderr += chunk;
    onStderr(ended.stderr, (signal) => child.kill(signal));
  });
  const end = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ended, code }));
  });
  return Object.assign(end, { pid: child.pid!, kill: (signal: NodeJS.Signals) => void child.kill(signal) });
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
