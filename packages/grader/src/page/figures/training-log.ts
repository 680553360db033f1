/** How a built-in model was trained: the log that lies beside its weights. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseTrainingLog, type RunOutput } from "@touchstone/report";
import { FigureSourceError } from "./errors.ts";

/** @param checkpoint `dann-svhn.safetensors`; its log is `dann-svhn.log.jsonl`  @throws FigureSourceError */
export async function trainingLog(checkpoint: string): Promise<NonNullable<RunOutput["logs"]>> {
  const file = checkpoint.replace(/(\.safetensors|\.pth?)?$/, ".log.jsonl");
  const name = basename(file);
  const expected = "the log of its training beside the weights, a JSON object on each line";
  if (!existsSync(file)) throw new FigureSourceError(name, expected, "nothing there");
  const text = await readFile(file, "utf8");
  if (parseTrainingLog(text).length === 0)
    throw new FigureSourceError(name, expected, "no line with numbers");
  return [{ name: basename(file, ".log.jsonl"), text }];
}
