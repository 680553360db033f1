/** Weights that come with this repository, for commands to which none are named. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { printable, UsageError } from "@touchstone/cli";

/** They were trained with this repository's commands; the cards beside them say how. */
export const CHECKPOINTS: string = fileURLToPath(new URL("../../checkpoints", import.meta.url));

/**
 * @param named what `--checkpoint` says
 * @param name of the shipped file that stands for it: `dann-usps`
 * @param training the command that makes one
 * @throws UsageError if there is neither
 */
export function checkpointFile(named: string | undefined, name: string, training: string): string {
  if (named !== undefined) return named;
  const file = join(CHECKPOINTS, `${name}.safetensors`);
  if (existsSync(file)) return file;
  const expected = `a file of weights, as ${printable(file)} is not there (\`${training}\` makes one)`;
  throw new UsageError("--checkpoint", expected, "none");
}
