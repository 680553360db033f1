/** A small text file that somebody has written by hand. */

import { isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { CourseFileError } from "./errors.ts";

const LARGEST = 16 * 2 ** 20;

/** @param what such as `a class list in CSV`  @throws CourseFileError */
export async function readText(file: string, what: string): Promise<string> {
  let bytes: Buffer;
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new CourseFileError(file, what, "something that is no file");
    if (stats.size > LARGEST)
      throw new CourseFileError(file, what, `${stats.size} bytes, more than ${LARGEST}`);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof CourseFileError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CourseFileError(file, what, code === "ENOENT" ? "nothing there" : `${code}`, { cause: error });
  }
  if (!isUtf8(bytes)) throw new CourseFileError(file, `${what}, in UTF-8`, "other bytes; save it as UTF-8");
  return new TextDecoder().decode(bytes);
}
