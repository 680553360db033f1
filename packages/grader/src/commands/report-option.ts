/** `--report format=file`. */

import { UsageError } from "@touchstone/cli";
import { replaceFile } from "@touchstone/nn";
import { ReportWriteError } from "./errors.ts";
import { requireWritable } from "./path-option.ts";

export interface Report<Render> {
  file: string;
  render: Render;
}

/** @throws UsageError */
export function parseReport<Render>(
  text: string,
  renderers: Readonly<Record<string, Render>>,
): Report<Render> {
  const [, format = "", file] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  const render = Object.hasOwn(renderers, format) ? renderers[format] : undefined;
  if (render !== undefined && file !== undefined) {
    requireWritable("--report", file);
    return { file, render };
  }
  const known = Object.keys(renderers).join(", ");
  throw new UsageError("--report", `FORMAT=FILE, with one of the formats ${known}`, `"${text}"`);
}

/** @throws ReportWriteError */
export async function writeFileOf(file: string, text: string): Promise<void> {
  try {
    await replaceFile(file, [Buffer.from(text)]);
  } catch (error) {
    throw new ReportWriteError(file, error);
  }
}
