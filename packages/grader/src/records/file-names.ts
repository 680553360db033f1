/** Names of folders and files from names that somebody else chose. */

import { createHash } from "node:crypto";

const LONGEST = 80;

/**
 * `name` as one component of a path on every system: letters, digits, `_` and `-` stay, every other byte of its UTF-8 becomes `%2F`. What is
 * too long is cut, and told apart by a hash. Names that differ in case alone may share a folder, so a record also says whose it is.
 */
export function safeName(name: string): string {
  let escaped = "";
  for (const byte of Buffer.from(name, "utf8")) {
    const character = String.fromCharCode(byte);
    escaped += /[A-Za-z0-9_-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  if (escaped === "") return "%";
  if (escaped.length <= LONGEST) return escaped;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${escaped.slice(0, LONGEST - hash.length - 1)}~${hash}`;
}
