/** Names of submissions' folders: `{student_id}`, or a glob with it such as `hw2-{student_id}-*`. */

import { UsageError } from "@touchstone/cli";

export const ID = "{student_id}";

/**
 * Whose a folder of a name is. `*` stands for any letters, `?` for one. A template may fit a name in several ways (`{student_id}-*` fits
 * `a-b-c` with `a` and with `a-b`): of the ids that are known the longest counts. How accents are written (NFC, NFD) makes no difference.
 *
 * @throws UsageError of a template without `{student_id}`, or with more than one
 */
export function matcher(template: string, ids: readonly string[]): (name: string) => string | undefined {
  const parts = template.split(ID);
  if (parts.length !== 2 || /[/\\]/.test(template)) {
    throw new UsageError(
      "--match",
      `a folder's name with ${ID} once, such as "hw2-${ID}-*"`,
      `"${template}"`,
    );
  }
  const [before, after] = parts.map((part) => globSource(composed(part))) as [string, string];
  if (before === "" && after === "") {
    const known = new Map(ids.map((id) => [composed(id), id]));
    return (name) => known.get(composed(name));
  }
  const patterns = [...ids]
    .sort((a, b) => b.length - a.length)
    .map((id) => {
      const part = composed(id);
      return { id, part, pattern: new RegExp(`^${before}${escaped(part)}${after}$`, "u") };
    });
  return (name) => {
    const text = composed(name);
    // Most ids are not in the name at all, and a search is cheaper than a match.
    return patterns.find(({ part, pattern }) => text.includes(part) && pattern.test(text))?.id;
  };
}

const composed = (text: string) => text.normalize("NFC");

const globSource = (glob: string) =>
  glob
    .split(/([*?])/)
    .map((part) => (part === "*" ? ".*?" : part === "?" ? "." : escaped(part)))
    .join("");

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
