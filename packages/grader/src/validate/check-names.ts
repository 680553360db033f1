/** Count and names of the images: what an assignment asks for against what is there. */

import { printable } from "@touchstone/cli";
import type { ImagesOutput, NameTemplate } from "../assignment/index.ts";
import type { Finding } from "../results/results.ts";
import { type Fault, gather } from "./findings.ts";

/** @param names of all files that are called like images, whether they can be read or not */
export function checkNames(names: readonly string[], { count, names: template }: ImagesOutput): Finding[] {
  if (!template) return checkCount(names.length, count);
  const labels = names.map((name) => template.classOf(name));
  const strange = names
    .filter((_, i) => labels[i] === undefined)
    .map((file): Fault => {
      const message = `expected names such as ${printable(template.names[0]!)}, found others`;
      return { code: "name", severity: "error", message, file };
    });
  const counts = template.classes ? checkClasses(labels, template) : checkCount(names.length, count);
  return [...counts, ...gather(strange), ...checkNumbers(names, template)];
}

function checkCount(found: number, expected: number): Finding[] {
  return found === expected
    ? []
    : [countFinding(`expected ${expected} images, found ${found}`, found - expected)];
}

function checkClasses(
  labels: readonly (number | undefined)[],
  { classes, perClass }: NameTemplate,
): Finding[] {
  const [first, last] = classes!;
  const wrong: string[] = [];
  let off = 0;
  for (let label = first; label <= last; label++) {
    const found = labels.filter((other) => other === label).length;
    if (found === perClass) continue;
    wrong.push(`${found} of ${label}`);
    off += Math.abs(found - perClass);
  }
  if (wrong.length === 0) return [];
  return [countFinding(`expected ${perClass} images of each class, found ${wrong.join(", ")}`, off)];
}

/** Numbers that are not the ones asked for, of as many files as were asked for: it is clear what is meant, and costs nothing. */
function checkNumbers(names: readonly string[], template: NameTemplate): Finding[] {
  const wanted = new Set(template.names);
  const faults = names
    .filter((name) => !wanted.has(name) && template.classOf(name) !== undefined)
    .map((file): Fault => {
      const [first, last] = [template.names[0]!, template.names.at(-1)!];
      const message = `expected ${printable(first)} ... ${printable(last)}, found other numbers`;
      return { code: "numbering", severity: "warning", message, file };
    });
  return gather(faults);
}

function countFinding(message: string, off: number): Finding {
  return { code: "count", severity: "error", message, files: [], total: Math.abs(off) };
}
