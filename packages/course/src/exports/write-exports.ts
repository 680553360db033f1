/** `--report format=path`: parsed before anything runs, written at the end. */

import { mkdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "@touchstone/cli";
import { requireWritable } from "@touchstone/grader";
import { replaceFile } from "@touchstone/nn";
import { ExportWriteError } from "../errors.ts";
import { EXPORTS, type Export, type ExportInput } from "./export.ts";

export interface Wanted {
  export: Export;
  path: string;
}

/** @throws UsageError */
export function parseExport(text: string): Wanted {
  const [, format = "", path] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  if (path === undefined || !Object.hasOwn(EXPORTS, format)) {
    const formats = Object.keys(EXPORTS).join(", ");
    throw new UsageError("--report", `FORMAT=FILE, with one of the formats ${formats}`, `"${text}"`);
  }
  const wanted = { export: EXPORTS[format]!, path };
  if (wanted.export.kind === "file") requireWritable("--report", path);
  else requireFolder(path);
  return wanted;
}

function requireFolder(path: string): void {
  const stats = statSync(resolve(path), { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory())
    throw new UsageError(
      "--report",
      "a folder, as this format has a file for each student",
      `the file "${path}"`,
    );
  try {
    mkdirSync(resolve(path), { recursive: true });
  } catch (error) {
    throw new ExportWriteError(path, error);
  }
}

/** @throws ExportWriteError */
export async function writeExport({ export: format, path }: Wanted, input: ExportInput): Promise<void> {
  const files =
    format.kind === "file"
      ? [{ path, text: format.render(input, path) }]
      : [...format.files(input)].map((file) => ({ ...file, path: join(path, file.path) }));
  for (const file of files) {
    try {
      await mkdir(dirname(resolve(file.path)), { recursive: true });
      await replaceFile(resolve(file.path), [Buffer.from(file.text)]);
    } catch (error) {
      throw new ExportWriteError(file.path, error);
    }
  }
}
