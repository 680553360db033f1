/** What can be wrong with images that a model is trained on, or made: one class per kind, each with a stable `code`. */

/** Images that a recipe cannot train on, or that cannot stand in one picture. */
export class ImagesError extends Error {
  readonly code = "MODELS_IMAGES";
  readonly exitCode = 2;

  constructor(what: string, expected: string, found: string) {
    super(`${what}: expected ${expected}, found ${found}.`);
    this.name = "ImagesError";
  }
}

/** A model made something that is no image. */
export class NotFiniteError extends Error {
  readonly code = "MODELS_NOT_FINITE";
  readonly exitCode = 2;

  constructor(what: string, found: number) {
    super(`${what}: expected finite numbers, found ${found}. The training diverged, or the file is damaged.`);
    this.name = "NotFiniteError";
  }
}

/** Under the name of an image that is to be made there is another file. */
export class OtherImageError extends Error {
  readonly code = "MODELS_OTHER_IMAGE";
  readonly exitCode = 2;

  /** @param differences such as `seed 0, not 1`; none where the file does not say what it is */
  constructor(path: string, differences: string[]) {
    const found = differences.length > 0 ? `one with ${differences.join("; with ")}` : "another file";
    super(
      `${path}: expected nothing, or an image of the same checkpoint and options, found ${found}. Choose another folder, or empty this one.`,
    );
    this.name = "OtherImageError";
  }
}

/** An image could not be written. */
export class ImageWriteError extends Error {
  readonly code = "MODELS_IMAGE_WRITE";
  /** 4 where the disk is at fault, 2 where another path would help. */
  readonly exitCode: number;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const reason = cause.code ?? cause.message;
    super(
      `${path}: expected a place to write images, found ${reason}. Check the path and who may write there.`,
      {
        cause,
      },
    );
    this.name = "ImageWriteError";
    this.exitCode = ["ENOSPC", "EDQUOT", "EIO"].includes(reason) ? 4 : 2;
  }
}
