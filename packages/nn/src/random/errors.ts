/** A saved generator that cannot be gone on with. */

import { NnError } from "../errors.ts";

export class InvalidGeneratorStateError extends NnError {
  constructor(expected: string, found: unknown) {
    super("NN_INVALID_GENERATOR_STATE", `A generator's state: expected ${expected}, found ${found}.`);
  }
}
