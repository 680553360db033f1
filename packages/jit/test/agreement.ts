/**
 * The yardstick of the kernel tests: a function on the engine under test must give what tfjs's `cpu` backend gives, and
 * so must its gradients with respect to every float32 argument.
 */

import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { onEngine, TOLERANCE } from "./engine.ts";

type Tensors = tf.Tensor[];
type Fn = (...xs: never[]) => tf.Tensor | tf.Tensor[];

export interface AgreementOptions {
  /** How many products each element of the result sums up: float32 rounding grows with its square root. */
  terms?: number;
  /** The same function written in another way, to run on the `cpu` backend; default: the function itself. */
  reference?: Fn;
}

/** Checks the results of `fn` on `inputs`. */
export async function expectAgreement(
  fn: Fn,
  inputs: Tensors,
  options: AgreementOptions = {},
): Promise<void> {
  const call =
    (f: Fn) =>
    (...xs: Tensors): Tensors =>
      [f(...(xs as never[]))].flat();
  await compare(call(fn), call(options.reference ?? fn), inputs, options);
}

/** Checks the results of `fn` and the gradients of a weighted sum of them with respect to the float32 inputs. */
export async function expectGradientAgreement(
  fn: Fn,
  inputs: Tensors,
  options: AgreementOptions = {},
): Promise<void> {
  await compare(withGradients(fn), withGradients(options.reference ?? fn), inputs, options);
}

function withGradients(fn: Fn): (...xs: Tensors) => Tensors {
  return (...xs) => {
    const ys = [fn(...(xs as never[]))].flat();
    const isFloat = xs.map((x) => x.dtype === "float32");
    const loss = (...floats: Tensors): tf.Scalar => {
      let next = 0;
      const all = xs.map((x, i) => (isFloat[i] ? floats[next++]! : x));
      const results = [fn(...(all as never[]))].flat();
      return tf.addN(results.map((y, i) => tf.sum(tf.mul(y, weights(y.shape, i))))) as tf.Scalar;
    };
    return [...ys, ...tf.grads(loss)(xs.filter((_, i) => isFloat[i]))];
  };
}

async function compare(
  call: (...xs: Tensors) => Tensors,
  reference: (...xs: Tensors) => Tensors,
  inputs: Tensors,
  { terms = 1 }: AgreementOptions,
): Promise<void> {
  const run = onEngine(call);
  try {
    const expected = tf.tidy(() => reference(...inputs));
    const found = await run(...inputs);
    expect(found.length).toBe(expected.length);
    for (const [i, want] of expected.entries()) {
      const got = found[i]!;
      expect({ shape: got.shape, dtype: got.dtype }).toEqual({ shape: want.shape, dtype: want.dtype });
      expectClose(await got.data(), want.dataSync(), TOLERANCE * Math.sqrt(terms), `result ${i}`);
    }
    tf.dispose([...expected, ...found]);
  } finally {
    await run.dispose();
  }
}

/** Equal up to `tolerance` times the largest finite magnitude expected; NaN and infinities must match exactly. */
export function expectClose(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(got.length, what).toBe(want.length);
  let scale = 1e-30;
  for (let i = 0; i < want.length; i++)
    if (Number.isFinite(want[i])) scale = Math.max(scale, Math.abs(want[i]!));
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [got[i]!, want[i]!];
    if (Object.is(a, b) || a === b) continue;
    if (Math.abs(a - b) <= tolerance * scale) continue;
    expect.fail(
      `${what}, element ${i} of ${want.length}: got ${a}, expected ${b} (largest magnitude ${scale})`,
    );
  }
}

/** Fixed weights of either sign, so that a gradient that is constant by accident does not pass. */
function weights(shape: number[], salt: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + salt + 1)),
    shape,
  );
}
