/** Labels that are part of the files' names: `3_017.png` is a 3. */

import { requirePositiveInteger } from "../options.ts";
import type { Problem } from "../problems.ts";
import type { Labels } from "./assign.ts";
import { UNLABELED } from "./unlabeled.ts";

/** Digits before an underscore. */
const RULE = /^(\d+)_/;

/**
 * The label of each name: what the rule's first group finds in it, folders left aside.
 *
 * @param classes labels are integers from 0 to `classes - 1`
 * @throws InvalidOptionError
 */
export function labelsFromNames(names: readonly string[], classes: number, rule: RegExp = RULE): Labels {
  requirePositiveInteger("classes", classes);
  const labels = new Int32Array(names.length).fill(UNLABELED);
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const digits = rule.exec(name.slice(name.lastIndexOf("/") + 1))?.[1];
    if (digits === undefined) {
      const message = `expected a label in the name (${rule}), found none`;
      problems.push({ file: name, kind: "no-label", message });
    } else if (/^\d{1,9}$/.test(digits) && Number(digits) < classes) {
      labels[index] = Number(digits);
    } else {
      const message = `expected a label from 0 to ${classes - 1} in the name, found ${digits.slice(0, 20)}`;
      problems.push({ file: name, kind: "bad-label", message });
    }
  }
  return { labels, problems };
}
