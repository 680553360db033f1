/** Data sets that are not there, or are not known. */

import { printable } from "@touchstone/cli";
import { DatasetError } from "../errors.ts";

/** A name that stands for no data set. */
export class UnknownDatasetError extends DatasetError {
  constructor(name: string, known: readonly string[]) {
    super(
      "DATASETS_UNKNOWN",
      `"${printable(name)}": expected the name of a data set (${known.join(", ")}). pnpm data list describes them.`,
    );
  }
}

/** A data set that has to be fetched or brought first. */
export class MissingDatasetError extends DatasetError {
  constructor(name: string, lookedIn: readonly string[], advice: string) {
    super(
      "DATASETS_MISSING",
      `${name}: expected it in ${lookedIn.map(printable).join(" or ")}, found it in none of them. ${advice}`,
    );
  }
}

/** A folder that was named as the homework's data, and is not. */
export class NoDataFolderError extends DatasetError {
  constructor(folder: string, found: string) {
    super(
      "DATASETS_NO_DATA_FOLDER",
      `${printable(folder)}: expected a folder with hw2_data/, digits/, face/ or bsds500/ in it, found ${found}. ` +
        "Correct --data or TOUCHSTONE_DATA.",
    );
  }
}

/** Data that can be read and is not what its name says. */
export class WrongDatasetError extends DatasetError {
  constructor(path: string, expected: string, found: string, advice = "") {
    super(
      "DATASETS_WRONG",
      `${printable(path)}: expected ${expected}, found ${found}.${advice && ` ${advice}`}`,
    );
  }
}
