/** What can be wrong with a set of images. */

import { printable } from "@touchstone/cli";
import type { Problem } from "@touchstone/datasets";
import { FidError } from "../errors.ts";

/** Files that are no sound images, in a set that should hold nothing else. */
export class CorruptImagesError extends FidError {
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    const list = problems.slice(0, 10).map(({ file, message }) => `\n  ${printable(file)}: ${message}`);
    const more = problems.length > 10 ? `\n  and ${problems.length - 10} more` : "";
    super(
      "FID_CORRUPT_IMAGES",
      `${printable(path)}: expected images that can be read, found ${problems.length} that cannot:${list.join("")}${more}\n` +
        "Mend or remove them, or leave them out and count them with --skip-corrupt.",
    );
    this.problems = problems;
  }
}

/** Images of several sizes, where one was expected. */
export class MixedSizesError extends FidError {
  /** @param sizes of each size, how many images and the name of one */
  constructor(path: string, sizes: readonly { size: string; count: number; example: string }[]) {
    const list = sizes
      .slice(0, 5)
      .map(({ size, count, example }) => `\n  ${size}: ${count} (${printable(example)})`);
    const more = sizes.length > 5 ? `\n  and ${sizes.length - 5} sizes more` : "";
    super(
      "FID_MIXED_SIZES",
      `${printable(path)}: expected images of one size, found ${sizes.length} sizes (width x height):${list.join("")}${more}\n` +
        "If that is as it should be, --mixed-sizes brings each to the network's size by itself.",
    );
  }
}

/** A set too small for what is to be computed from it. */
export class SetTooSmallError extends FidError {
  constructor(path: string, expected: string, found: number) {
    super("FID_SET_TOO_SMALL", `${printable(path)}: expected ${expected}, found ${found}.`);
  }
}
