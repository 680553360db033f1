/** What can be wrong with a checkpoint: one class per kind. Each names the file, what was expected and what was found. */

import { NnError } from "../errors.ts";

/** There is no such file, or it cannot be read. */
export class CheckpointFileError extends NnError {
  constructor(path: string, found: string, options?: ErrorOptions) {
    super("NN_CHECKPOINT_FILE", `${path}: expected a readable checkpoint file, found ${found}.`, options);
  }
}

/** The file breaks its own format: truncated, corrupt or made to harm. */
export class InvalidCheckpointError extends NnError {
  constructor(where: string, expected: string, found: string, options?: ErrorOptions) {
    super("NN_CHECKPOINT_INVALID", `${where}: expected ${expected}, found ${found}.`, options);
  }
}

/** A valid file of a kind that is not read. */
export class UnsupportedCheckpointError extends NnError {
  constructor(where: string, found: string, remedy: string) {
    super("NN_CHECKPOINT_UNSUPPORTED", `${where}: found ${found}. ${remedy}`);
  }
}

/** A pickle asks for something that is not on the list of harmless names. Nothing was executed. */
export class UnsafePickleError extends NnError {
  readonly global: string;

  constructor(where: string, global: string, remedy: string) {
    super(
      "NN_CHECKPOINT_UNSAFE",
      `${where}: refused "${global}", which is not needed for tensors. ${remedy}`,
    );
    this.global = global;
  }
}

/** No state dict, or more than one, answers the description. */
export class StateDictError extends NnError {
  readonly candidates: readonly string[];

  constructor(path: string, problem: string, candidates: readonly string[]) {
    const choice = candidates.length === 0 ? "" : ` Pass stateDict: one of ${candidates.join(", ")}.`;
    super("NN_CHECKPOINT_STATE_DICT", `${path}: ${problem}.${choice}`);
    this.candidates = candidates;
  }
}

/** The tensors do not fit what they are to be loaded into. */
export class CheckpointMismatchError extends NnError {
  /** One line for each, all that there are. */
  readonly mismatches: readonly string[];

  /** @param into such as "the model (shapes are PyTorch's)" */
  constructor(path: string, into: string, mismatches: readonly string[]) {
    const places = mismatches.length === 1 ? "1 place" : `${mismatches.length} places`;
    const lines = mismatches.map((mismatch) => `\n  ${mismatch}`).join("");
    super("NN_CHECKPOINT_MISMATCH", `${path}: does not fit ${into}, in ${places}:${lines}`);
    this.mismatches = mismatches;
  }
}

/** What was to be written cannot be stored. */
export class UnstorableError extends NnError {
  constructor(what: string, expected: string, found: string) {
    super("NN_CHECKPOINT_UNSTORABLE", `${what}: expected ${expected}, found ${found}.`);
  }
}

/** The file could not be written. What was there before is still there. */
export class CheckpointWriteError extends NnError {
  /** A full disk, most often: the machine's fault, not the input's. */
  override readonly exitCode = 4;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super("NN_CHECKPOINT_WRITE", `${path}: could not be written: ${reason}.`, options);
  }
}
