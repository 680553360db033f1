/** What can be wrong with the Inception network's weights. */

import { printable } from "@touchstone/cli";
import { FidError } from "../errors.ts";
import { STATE_DICT_URL } from "./original-weights.ts";

const HOW_TO_GET = `Fetch ${STATE_DICT_URL} on any machine and name it with --weights or TOUCHSTONE_INCEPTION`;

/** The weights are nowhere, and may not be fetched. */
export class WeightsNotFoundError extends FidError {
  /** Not the fault of the images that are to be scored. */
  override readonly exitCode = 4;

  /** @param places each place that was looked at, and what was there */
  constructor(places: readonly (readonly [place: string, found: string])[], cause?: unknown) {
    const list = places.map(([place, found]) => `\n  ${printable(place)}: ${found}`).join("");
    super(
      "FID_WEIGHTS_NOT_FOUND",
      `Weights of the FID Inception network: expected them here, found none. ${HOW_TO_GET}${cause === undefined ? ", or leave out --offline" : ""}. These places were looked at:${list}`,
      { cause },
    );
  }
}

/** A file that was named as weights is not there, or cannot be read. */
export class UnreadableWeightsError extends FidError {
  /** @param origin the option or variable that named it */
  constructor(path: string, origin: string, found: string, cause?: unknown) {
    super(
      "FID_UNREADABLE_WEIGHTS",
      `${printable(path)} (from ${origin}): expected a file of weights, found ${found}. Check the path and who may read it.`,
      { cause },
    );
  }
}

/** A sound file that holds other things than this network's weights. */
export class UnknownWeightsError extends FidError {
  constructor(path: string, found: string) {
    super(
      "FID_UNKNOWN_WEIGHTS",
      `${printable(path)}: expected weights of the FID Inception network (pytorch-fid's .pth, TensorFlow's classify_image_graph_def.pb ` +
        `or a converted .safetensors), found ${printable(found)}. ${HOW_TO_GET}.`,
    );
  }
}

/** A TensorFlow graph that breaks its own format. */
export class InvalidGraphError extends FidError {
  constructor(path: string, expected: string, found: string, cause?: unknown) {
    super(
      "FID_INVALID_GRAPH",
      `${printable(path)}: expected ${expected}, found ${printable(found)}. The file is damaged or cut off: fetch it again.`,
      { cause },
    );
  }
}

/** Weights that end, or have gaps, before the layer whose features were asked for. */
export class PartialWeightsError extends FidError {
  /** @param wanted such as `the 2048 features`  @param enough sizes of features that these weights suffice for */
  constructor(path: string, wanted: string, missing: readonly string[], enough: readonly number[]) {
    const first = missing.slice(0, 3).join(", ");
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
    const remedy =
      enough.length > 0
        ? `They suffice for features of ${enough.join(", ")}: ask for those with --dims (without an Inception Score), or name a complete file.`
        : "Name a complete file.";
    super(
      "FID_PARTIAL_WEIGHTS",
      `${printable(path)}: expected the weights of every layer that ${wanted} need, found none of ${first}${more}. ${remedy} ${HOW_TO_GET}.`,
    );
  }
}
