/** Options whose value is a path. */

import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "@touchstone/cli";

/** Of a file or folder that is there. */
export function existing(option: string) {
  return (text: string): string => {
    const path = resolve(text);
    if (text !== "" && existsSync(path)) return path;
    throw new UsageError(option, "a file or folder", `nothing at "${text}"`);
  };
}

/** Of a folder that is there, or can be made. */
export function folder(option: string) {
  return (text: string): string => {
    const path = resolve(text);
    if (text === "" || statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new UsageError(option, "a folder", `"${text}"`);
    return path;
  };
}

/** Of a file that can be written: hours of grading should not end at a typing error in it. @throws UsageError */
export function requireWritable(option: string, text: string): void {
  const path = resolve(text);
  const isFolder = (place: string) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder(path)) throw new UsageError(option, "a file", `the folder "${text}"`);
  if (!isFolder(dirname(path))) throw new UsageError(option, "a file in a folder that is there", `"${text}"`);
}
