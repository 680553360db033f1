/** `openExtractor(options)`: the feature space that a user names. */

import type { Work } from "@touchstone/cli";
import type { Device } from "@touchstone/jit";
import { openInception } from "../inception/index.ts";
import type { ResizeMode } from "../resize/index.ts";
import { openDigits } from "./digits.ts";
import { ExtractorOptionError, UnknownExtractorError } from "./errors.ts";
import type { Extractor } from "./extractor.ts";
import { type InputRange, openOnnxFile } from "./onnx-file.ts";

/** What is not given has the extractor's default. */
export interface ExtractorOptions {
  /** `inception`, `face`, `digits`, or the path of an .onnx file. */
  extractor: string;
  /** A file of weights, of `inception` and `digits`. */
  weights?: string;
  /** Of `inception`: 64, 192, 768 or 2048. */
  dims?: number;
  /** Of `inception`: also its logits. */
  logits?: boolean;
  /** Of `inception`. */
  resize?: ResizeMode;
  /** Of an ONNX file. */
  output?: string;
  /** Of an ONNX file. */
  range?: InputRange;
  device?: Device | "auto";
  threads?: number;
  /** Images of a batch; `inception` pads smaller ones up to it. Default 32. */
  batchSize?: number;
  /** Download nothing. */
  offline?: boolean;
  signal?: AbortSignal;
}

type OptionName = "weights" | "dims" | "logits" | "resize" | "output" | "range";

/** Options of some extractors, and what to do where one is given to another. */
const TAKES: Record<string, readonly OptionName[]> = {
  inception: ["weights", "dims", "logits", "resize"],
  face: [],
  digits: ["weights"],
  onnx: ["output", "range"],
};

/** @throws UnknownExtractorError, ExtractorOptionError, and what opening it throws */
export async function* openExtractor(options: ExtractorOptions): Work<Extractor> {
  const { extractor } = options;
  const kind = /\.onnx$/i.test(extractor) ? "onnx" : extractor;
  const takes = Object.hasOwn(TAKES, kind) ? TAKES[kind]! : undefined;
  if (takes === undefined) throw new UnknownExtractorError(extractor);
  for (const option of ["weights", "dims", "logits", "resize", "output", "range"] as const) {
    if (options[option] === undefined || takes.includes(option)) continue;
    const owners = Object.keys(TAKES).filter((name) => TAKES[name]!.includes(option));
    const flag = option === "logits" ? "--metrics is" : `--${option}`;
    throw new ExtractorOptionError(flag, extractor, `It is an option of ${owners.join(" and ")}.`);
  }
  if (kind === "inception") return yield* openInception(options);
  if (kind === "face") {
    const { openFaceEmbedding } = await import("@touchstone/faces"); // Only here: it takes time to load.
    return openFaceEmbedding(options);
  }
  if (kind === "digits") return openDigits(options);
  return openOnnxFile(extractor, options);
}
