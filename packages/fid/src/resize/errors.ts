/** What can be wrong with what a resizer is given. */

import { FidError } from "../errors.ts";

export class UnknownResizeModeError extends FidError {
  constructor(found: unknown, modes: readonly string[]) {
    super(
      "FID_UNKNOWN_RESIZE_MODE",
      `Resize mode: expected one of ${modes.join(", ")}, found ${String(found)}.`,
    );
  }
}

/** Pixels that are not the image they claim to be. */
export class InvalidImageError extends FidError {
  constructor(what: string, expected: string, found: string) {
    super("FID_INVALID_IMAGE", `${what}: expected ${expected}, found ${found}.`);
  }
}

/** The array for the results does not fit them. */
export class OutputSizeError extends FidError {
  constructor(images: number, expected: number, found: number) {
    super(
      "FID_OUTPUT_SIZE",
      `Output of a resize: expected at least ${expected} numbers for ${images} images of 299x299x3, found ${found}.`,
    );
  }
}
