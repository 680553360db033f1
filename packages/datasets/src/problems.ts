/** What is wrong with single files: collected and reported by name, all at once, rather than thrown one by one. */

export type ProblemKind =
  /** A link out of the folder, to nothing, to itself, or to a folder. */
  | "link"
  /** A folder, pipe, socket or device where an image should be. */
  | "not-a-file"
  | "unreadable"
  | "empty"
  | "too-many-bytes"
  | "too-many-pixels"
  | "not-an-image"
  /** By its name an image, of a format that is not read. */
  | "other-format"
  | "truncated"
  | "corrupt"
  | "wrong-size"
  /** Of entries of a zip. */
  | "unsafe-name"
  | "duplicate-name"
  | "encrypted"
  | "unsupported"
  /** Of labels. */
  | "bad-table"
  | "bad-label"
  | "duplicate-label"
  | "unknown-file"
  | "no-label";

export interface Problem {
  /** As the folder, zip or table spells it: pass it through `printable` before showing it. */
  file: string;
  kind: ProblemKind;
  /** What was expected and what was found, without the file's name; safe to print. */
  message: string;
  /** Line in a table, from 1. */
  line?: number;
}
