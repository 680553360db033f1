/** Which GPUs a machine has, as far as its driver says so in a file: no program of the vendor's is asked. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const NVIDIA = "/proc/driver/nvidia/gpus";

/** `2 x NVIDIA H200`; undefined where no driver names one. @param folder of NVIDIA's driver for Linux: a folder for each GPU */
export function gpusOf(folder = NVIDIA): string | undefined {
  const counts = new Map<string, number>();
  for (const model of foldersIn(folder).flatMap((name) => modelOf(join(folder, name, "information")))) {
    counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  const names = [...counts].map(([model, count]) => (count > 1 ? `${count} x ${model}` : model));
  return names.length > 0 ? names.join(" + ") : undefined;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function modelOf(file: string): string[] {
  try {
    const [, model] = /^Model:\s*(\S.*)$/m.exec(readFileSync(file, "utf8")) ?? [];
    return model === undefined ? [] : [model.trim()];
  } catch {
    return [];
  }
}
