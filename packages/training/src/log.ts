/** The log of a training: a JSON object on each line. */

import { appendFile, readFile } from "node:fs/promises";
import { replaceFile } from "@touchstone/nn";

export interface LogLine {
  /** Steps done. */
  step: number;
  epoch: number;
  /** What the step measured, or the epoch's end where `isEpochEnd`. */
  metrics: Record<string, number>;
  isEpochEnd?: true;
  /** Seconds of training so far, interruptions left out. */
  seconds: number;
}

export async function appendLines(path: string, lines: readonly LogLine[]): Promise<void> {
  if (lines.length > 0) await appendFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/**
 * Takes away what does not belong to a run that goes on, as an unbroken one would not have logged it. A line that was cut off by an
 * interruption goes too.
 *
 * @returns the lines that are left
 */
export async function pruneLog(path: string, belongs: (line: LogLine) => boolean): Promise<LogLine[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const kept = text.split("\n").flatMap((line) => {
    const parsed = parse(line);
    return parsed && belongs(parsed) ? [{ line, parsed }] : [];
  });
  const left = kept.map(({ line }) => `${line}\n`).join("");
  if (left !== text) await replaceFile(path, [Buffer.from(left)]);
  return kept.map(({ parsed }) => parsed);
}

function parse(line: string): LogLine | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
