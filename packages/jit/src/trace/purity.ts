/** While a function is traced, whatever would freeze a passing value into the graph throws instead. */

import * as tf from "@tensorflow/tfjs";
import { ImpureFunctionError } from "../errors.ts";
import { engine } from "./tfjs.ts";
import { userLine } from "./user-line.ts";

const ASSIGN = "Return the new value and pass it to the next call.";

export function withPurityChecks<T>(body: () => T): T {
  const random = Math.random;
  const { assign } = tf.Variable.prototype;
  const { makeVariable } = engine;
  Math.random = () => {
    const stack = new Error().stack;
    const op = randomOp(stack);
    throw new ImpureFunctionError(
      op ? `tf.${op}` : "Math.random()",
      "Draw the numbers outside and pass them as an argument.",
      userLine(stack),
    );
  };
  tf.Variable.prototype.assign = () => {
    throw new ImpureFunctionError("Assigning to a tf.Variable", ASSIGN, userLine());
  };
  engine.makeVariable = () => {
    throw new ImpureFunctionError("Creating a tf.Variable", ASSIGN, userLine());
  };
  try {
    return body();
  } finally {
    Math.random = random;
    tf.Variable.prototype.assign = assign;
    engine.makeVariable = makeVariable;
  }
}

const RANDOM_OPS =
  /\bat (?:Object\.)?(dropout|multinomial|rand|randomGamma|randomNormal|randomStandardNormal|randomUniform|randomUniformInt|truncatedNormal)_\w* /g;

/** The tfjs operation that draws random numbers on this stack, if one does: the outermost, which the user called. */
export function randomOp(stack = ""): string | undefined {
  return [...stack.matchAll(RANDOM_OPS)].at(-1)?.[1];
}
