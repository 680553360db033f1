/**
 * Expressions of a rubric: mathjs's syntax, of which only arithmetic, comparisons, logic and a few functions of numbers are let
 * through. What is left has no loops, no strings, no lists and no properties: its time and memory are bounded by its length.
 */

import { createRequire } from "node:module";
import type { MathNode } from "mathjs";

// Its hundreds of files are loaded in half the time as CommonJS.
const {
  absDependencies,
  addDependencies,
  andDependencies,
  ceilDependencies,
  create,
  divideDependencies,
  equalDependencies,
  expDependencies,
  floorDependencies,
  largerDependencies,
  largerEqDependencies,
  logDependencies,
  maxDependencies,
  minDependencies,
  multiplyDependencies,
  notDependencies,
  orDependencies,
  parseDependencies,
  powDependencies,
  roundDependencies,
  smallerDependencies,
  smallerEqDependencies,
  sqrtDependencies,
  subtractDependencies,
  unaryMinusDependencies,
  unaryPlusDependencies,
  unequalDependencies,
} = createRequire(import.meta.url)("mathjs/number") as typeof import("mathjs/number");

export interface Expression {
  /** As it is written. */
  text: string;
  /** The names that it is computed from, each once. */
  names: readonly string[];
  /** With a value for each of its names. Not finite where the arithmetic is not: `1 / 0`. */
  evaluate(values: Readonly<Record<string, number>>): number | boolean;
}

/** Letters of an expression, at most. */
export const LONGEST_EXPRESSION = 400;

/** Number of arguments, fewest and most, of each function. */
export const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  abs: [1, 1],
  ceil: [1, 1],
  clamp: [3, 3],
  exp: [1, 1],
  floor: [1, 1],
  log: [1, 1],
  max: [1, 20],
  min: [1, 20],
  round: [1, 1],
  sqrt: [1, 1],
};

const OPERATORS = new Set(
  "add subtract multiply divide pow unaryMinus unaryPlus smaller smallerEq larger largerEq equal unequal and or not".split(
    " ",
  ),
);

const math = create(
  {
    ...absDependencies,
    ...addDependencies,
    ...andDependencies,
    ...ceilDependencies,
    ...divideDependencies,
    ...equalDependencies,
    ...expDependencies,
    ...floorDependencies,
    ...largerDependencies,
    ...largerEqDependencies,
    ...logDependencies,
    ...maxDependencies,
    ...minDependencies,
    ...multiplyDependencies,
    ...notDependencies,
    ...orDependencies,
    ...parseDependencies,
    ...powDependencies,
    ...roundDependencies,
    ...smallerDependencies,
    ...smallerEqDependencies,
    ...sqrtDependencies,
    ...subtractDependencies,
    ...unaryMinusDependencies,
    ...unaryPlusDependencies,
    ...unequalDependencies,
  },
  {},
);

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** @returns the expression, or what is wrong with it */
export function parseExpression(text: string): Expression | { problem: string } {
  if (text.length > LONGEST_EXPRESSION) {
    return {
      problem: `expected an expression of at most ${LONGEST_EXPRESSION} letters, found ${text.length}`,
    };
  }
  try {
    const root = math.parse(text);
    const names = new Set<string>();
    for (const name of namesIn(root)) names.add(name);
    const code = root.compile();
    return {
      text,
      names: [...names],
      evaluate: (values) =>
        code.evaluate(new Map<string, unknown>([...Object.entries(values), ["clamp", clamp]])),
    };
  } catch (error) {
    if (error instanceof Refused)
      return { problem: `expected arithmetic over metrics, found ${error.message}` };
    const reason = error instanceof RangeError ? "brackets too deep" : (error as Error).message;
    return { problem: `expected an expression, found "${text}" (${reason})` };
  }
}

class Refused extends Error {}

/** @throws Refused at the first part that is not let through */
function* namesIn(node: MathNode): Generator<string> {
  switch (node.type) {
    case "ConstantNode": {
      const { value } = node as unknown as { value: unknown };
      if (typeof value !== "boolean" && !Number.isFinite(value)) throw new Refused(shown(node));
      return;
    }
    case "SymbolNode": {
      const { name } = node as unknown as { name: string };
      if (Object.hasOwn(FUNCTIONS, name)) throw new Refused(`the function ${name} without its arguments`);
      yield name;
      return;
    }
    case "OperatorNode": {
      const { fn, implicit } = node as unknown as { fn: string; implicit: boolean };
      if (implicit) throw new Refused(`${shown(node)} without a "*"`);
      if (!OPERATORS.has(fn)) throw new Refused(`the operator of ${shown(node)}`);
      break;
    }
    case "FunctionNode":
      checkCall(node);
      for (const argument of (node as unknown as { args: MathNode[] }).args) yield* namesIn(argument);
      return;
    case "ParenthesisNode":
    case "ConditionalNode":
    case "RelationalNode":
      break;
    default:
      throw new Refused(shown(node));
  }
  const parts: MathNode[] = [];
  node.forEach((part) => {
    parts.push(part);
  });
  for (const part of parts) yield* namesIn(part);
}

function checkCall(node: MathNode): void {
  const { fn, args } = node as unknown as { fn: MathNode & { name?: string }; args: MathNode[] };
  const range =
    fn.type === "SymbolNode" && Object.hasOwn(FUNCTIONS, fn.name!) ? FUNCTIONS[fn.name!] : undefined;
  if (range === undefined) {
    throw new Refused(`${shown(node)}; functions are ${Object.keys(FUNCTIONS).join(", ")}`);
  }
  const [fewest, most] = range;
  if (args.length < fewest || args.length > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    throw new Refused(`${args.length} arguments of ${fn.name}, which takes ${wanted}`);
  }
}

function shown(node: MathNode): string {
  const text = node.toString();
  return `"${text.length > 40 ? `${text.slice(0, 40)}...` : text}"`;
}
