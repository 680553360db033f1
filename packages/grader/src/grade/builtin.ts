/** This repository's own models as submissions: their commands run as any student's do. */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** @param words `sample dcgan --out ...`, filled in */
export function builtinCommand([name, ...words]: readonly string[]): string[] {
  return [
    process.execPath,
    fileURLToPath(new URL(`../../../commands/bin/${name}.mjs`, import.meta.url)),
    ...words,
  ];
}

/** What a built-in model must be able to read: this repository, and Node where it is no part of the system. */
export const BUILTIN_READABLE: readonly string[] = [ROOT, dirname(dirname(process.execPath))];

/** The weights that a built-in model's command names. */
export function checkpointsOf(words: readonly string[]): string[] {
  return words.filter((_, i) => words[i - 1] === "--checkpoint");
}
