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
