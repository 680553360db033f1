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
    throw new ImpureFunctionError(
      randomSource(stack),
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

/** Which tfjs operation drew the random number, if one did. */
function randomSource(stack = ""): string {
  const op = /at (?:Object\.)?([a-zA-Z]+)_ \(.*(?:tf-core|random|multinomial|dropout)/.exec(stack)?.[1];
  return op ? `tf.${op}` : "Math.random()";
}
