/** A YAML text as plain values, with the place of each in the text. */

import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from "yaml";
import type { AssignmentProblem } from "./errors.ts";

export interface YamlText {
  value: unknown;
  /** Line and column, from 1, of the value at a path, or of what is nearest to it; `atKey`: of its key. */
  placeOf(path: readonly PropertyKey[], atKey?: boolean): { line: number; column: number };
}

/** Values that aliases stand for, at most: more of them is an attack, or a mistake. */
const MAX_ALIASES = 100;

/** @returns the document, or what is wrong with the text */
export function parseYaml(text: string): YamlText | { problems: AssignmentProblem[] } {
  const lines = new LineCounter();
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const faults: YAMLError[] = [...document.errors, ...document.warnings];
    if (faults.length > 0) {
      const problems = faults.map(({ pos, message }) => ({
        ...placeAt(pos[0]),
        path: "",
        message: `expected YAML, found: ${message}`,
      }));
      // What follows the first one of a line is mostly its consequence.
      return { problems: problems.filter(({ line }, i) => line !== problems[i - 1]?.line) };
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
    return {
      value,
      placeOf(path, atKey = false) {
        let node: unknown = document.contents;
        let offset = startOf(node) ?? 0;
        for (const [depth, part] of path.entries()) {
          const parent = resolved(node);
          const pair = isMap(parent)
            ? parent.items.find(({ key }) => keyOf(key) === String(part))
            : undefined;
          node = isSeq(parent) ? parent.items[Number(part)] : pair?.value;
          const isLast = depth === path.length - 1;
          const place = isLast && atKey ? startOf(pair?.key) : (startOf(node) ?? startOf(pair?.key));
          if (place === undefined) break;
          offset = place;
        }
        return placeAt(offset);
      },
    };
  } catch (error) {
    const message =
      error instanceof RangeError
        ? "lists and maps that are too deep"
        : (error as Error).message.split("\n")[0];
    return { problems: [{ line: 1, column: 1, path: "", message: `expected YAML, found: ${message}` }] };
  }
}

function startOf(node: unknown): number | undefined {
  return (node as Node | undefined | null)?.range?.[0];
}

function keyOf(key: Pair["key"]): string {
  return String(isScalar(key) ? key.value : key);
}
