/** What can be wrong with an extractor that a user brings. */

import { printable } from "@touchstone/cli";
import { FidError } from "../errors.ts";

/** A name that is no extractor's. */
export class UnknownExtractorError extends FidError {
  constructor(found: string) {
    super(
      "FID_UNKNOWN_EXTRACTOR",
      `--extractor: expected inception, face, digits or the path of an .onnx file, found "${printable(found)}".`,
    );
  }
}

/** An option of another extractor than the one that was asked for. */
export class ExtractorOptionError extends FidError {
  constructor(option: string, extractor: string, remedy: string) {
    super(
      "FID_EXTRACTOR_OPTION",
      `${option}: expected no such option with --extractor ${printable(extractor)}. ${remedy}`,
    );
  }
}

/** An ONNX model that takes no images, or gives no features. */
export class UnsuitableModelError extends FidError {
  constructor(path: string, expected: string, found: string, cause?: unknown) {
    super("FID_UNSUITABLE_MODEL", `${printable(path)}: expected ${expected}, found ${found}.`, { cause });
  }
}

/** An extractor gave something else than finite numbers. */
export class NonFiniteOutputError extends FidError {
  constructor(extractor: string, found: number) {
    super(
      "FID_NON_FINITE_OUTPUT",
      `Features of ${printable(extractor)}: expected finite numbers, found ${found}. Its weights are probably damaged.`,
    );
  }
}
