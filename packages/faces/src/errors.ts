/** Every error that `@touchstone/faces` throws on purpose: one class per kind, each with a stable `code`. */

export class FacesError extends Error {
  readonly code: string;
  /** What a command that ends with this error exits with: 2, wrong usage or input; 4, our own fault. */
  readonly exitCode: number = 2;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** An option has a value that cannot be. */
export class InvalidOptionError extends FacesError {
  constructor(option: string, expected: string, found: unknown) {
    super("FACES_INVALID_OPTION", `Option ${option}: expected ${expected}, found ${String(found)}.`);
  }
}

/** What was given as an image is none. */
export class InvalidImageError extends FacesError {
  constructor(position: number, expected: string, found: string) {
    super("FACES_INVALID_IMAGE", `Image ${position}: expected ${expected}, found ${found}.`);
  }
}

/** A share of no images at all. */
export class NoImagesError extends FacesError {
  constructor() {
    super("FACES_NO_IMAGES", "Face rate: expected at least one image, found none.");
  }
}

const REINSTALL = "Install the packages again: pnpm install --force.";

/** A file of weights that the npm package should hold is not there or cannot be read. */
export class MissingWeightsError extends FacesError {
  override readonly exitCode = 4;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const found = cause.code === "ENOENT" ? "nothing there" : (cause.code ?? cause.message);
    super(
      "FACES_MISSING_WEIGHTS",
      `${path}: expected the weights of a face network, found ${found}. ${REINSTALL}`,
      {
        cause,
      },
    );
  }
}

/** A file of weights is not the one that this package was measured with. */
export class CorruptWeightsError extends FacesError {
  override readonly exitCode = 4;

  constructor(path: string, expected: string, found: string) {
    super("FACES_CORRUPT_WEIGHTS", `${path}: expected ${expected}, found ${found}. ${REINSTALL}`);
  }
}

/** A network gave something else than finite numbers. */
export class NonFiniteOutputError extends FacesError {
  override readonly exitCode = 4;

  constructor(network: string, position: number, found: number) {
    super(
      "FACES_NON_FINITE_OUTPUT",
      `${network}, image ${position}: expected finite numbers, found ${found}. Try another device, and report it.`,
    );
  }
}
