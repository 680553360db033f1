/** The fused operations of `src/ops` against plain tfjs compositions: values, gradients and gradients of gradients. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { attention, gelu, normalize, standardize } from "../src/index.ts";
import { expectClose, expectGradientAgreement } from "./agreement.ts";
import { floats, shape } from "./arbitrary.ts";
import { onEngine, TOLERANCE } from "./engine.ts";

type Fn = (...xs: tf.Tensor[]) => tf.Tensor;

interface Example {
  fused: Fn;
  plain: Fn;
  inputs: tf.Tensor[];
  /** How many numbers the longest sum has. */
  terms: number;
}

const runs = { numRuns: Number(process.env.TOUCHSTONE_TEST_RUNS ?? 5) };

/** Of a weighted sum, with weights of either sign that are constants. */
const first =
  (fn: Fn) =>
  (...xs: tf.Tensor[]): tf.Tensor[] =>
    tf.grads((...ys: tf.Tensor[]) => {
      const y = fn(...ys);
      const weights = Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.3 * i + 1));
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    })(xs);

/**
 * The gradient of the sum of the squared first gradients, as a gradient penalty has it. tfjs refuses a gradient that no
 * operation leads to, and the first gradients do not depend on an offset: the zeros make its gradient 0.
 */
const second = (fn: Fn) => {
  const loss = (...ys: tf.Tensor[]): tf.Tensor =>
    tf.addN([...first(fn)(...ys).map((dx) => tf.sum(tf.square(dx))), ...ys.map((y) => tf.mul(tf.sum(y), 0))]);
  return (...xs: tf.Tensor[]): tf.Tensor[] => tf.grads(loss)(xs);
};

const derivatives = (fn: Fn) => (xs: tf.Tensor[]) => ({
  value: [fn(...xs)],
  gradient: first(fn)(...xs),
  "second-order gradient": second(fn)(...xs),
});

async function check({ fused, plain, inputs, terms }: Example): Promise<void> {
  await expectGradientAgreement(fused, inputs, { terms });
  const expected = tf.tidy(() => derivatives(plain)(inputs));
  const run = { fused: onEngine(derivatives(fused)), plain: onEngine(derivatives(plain)) };
  try {
    const found = {
      "fused, on the cpu backend": tf.tidy(() => derivatives(fused)(inputs)),
      fused: await run.fused(inputs),
      plain: await run.plain(inputs),
    };
    for (const [how, results] of Object.entries(found)) {
      for (const [what, want] of Object.entries(expected) as [keyof typeof expected, tf.Tensor[]][]) {
        for (const [i, w] of want.entries()) {
          const got = results[what][i]!;
          expect(got.shape).toEqual(w.shape);
          expectClose(await got.data(), w.dataSync(), TOLERANCE * Math.sqrt(terms), `${how}: ${what} ${i}`);
        }
      }
    }
    tf.dispose([found, expected]);
  } finally {
    await Promise.all([run.fused.dispose(), run.plain.dispose()]);
  }
}

const property = (examples: fc.Arbitrary<Example>) => fc.assert(fc.asyncProperty(examples, check), runs);

const size = (dims: number[]): number => dims.reduce((a, b) => a * b, 1);

const plainStandardize = (x: tf.Tensor, axes: number[], epsilon: number): tf.Tensor => {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon)));
};

/**
 * A tensor's shape and some of its axes, any of them counted from the end. Groups have at least four numbers: in groups
 * of one or two the gradient is (nearly) 0, a difference of equal terms of which only the rounding is left.
 */
const reduced = shape(1, 4, 5)
  .filter((dims) => size(dims) >= 4)
  .chain((dims) => {
    const axis = fc.nat(dims.length - 1).chain((i) => fc.constantFrom(i, i - dims.length));
    const selector = (i: number): number => (i + dims.length) % dims.length;
    const axes = fc.uniqueArray(axis, { minLength: 1, maxLength: dims.length, selector });
    return fc.record({ dims: fc.constant(dims), axes });
  })
  .filter(({ dims, axes }) => size(axes.map((i) => dims.at(i)!)) >= 4);

const epsilons = fc.constantFrom(1e-3, 0.1);

it("standardize", () =>
  property(
    fc.tuple(reduced, epsilons).chain(([{ dims, axes }, epsilon]) =>
      floats(dims).map((x) => ({
        fused: (y) => standardize(y!, axes, epsilon),
        plain: (y) => plainStandardize(y!, axes, epsilon),
        inputs: [x],
        terms: x.size,
      })),
    ),
  ));

it("normalize", () =>
  property(
    fc.tuple(reduced, epsilons).chain(([{ dims, axes }, epsilon]) => {
      const channels = dims.at(-1)!;
      return fc.tuple(floats(dims), floats([channels]), floats([channels])).map((inputs) => ({
        fused: (x, gamma, beta) => normalize(x!, gamma as tf.Tensor1D, beta as tf.Tensor1D, axes, epsilon),
        plain: (x, gamma, beta) => tf.add(tf.mul(plainStandardize(x!, axes, epsilon), gamma!), beta!),
        inputs,
        terms: size(dims),
      }));
    }),
  ));

// A first row of ones, where the value and both derivatives are of order 1. Elsewhere they may all but vanish (below -4; the
// second derivative also at the square root of 2): then only the rounding of a difference of two terms would be left.
it("gelu", () =>
  property(
    shape(1, 4)
      .chain((dims) => floats(dims, { min: -5, max: 5 }))
      .map((x) => ({
        fused: (y) => gelu(y!),
        plain: (y) => tf.mul(tf.mul(y!, 0.5), tf.add(tf.erf(tf.div(y!, Math.SQRT2)), 1)),
        inputs: [tf.concat([tf.ones([1, ...x.shape.slice(1)]), x])],
        terms: 1,
      })),
  ));

/**
 * tf.exp's gradient, like tf.softmax's, multiplies by its saved result, through which tfjs does not differentiate again:
 * second-order gradients are refused or silently wrong. This one's computes the exponential again.
 */
const exp = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((t, save) => {
    (save as tf.GradSaveFunc)([t as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor => tf.mul(dy, exp(saved!));
    return { value: tf.exp(t as tf.Tensor), gradFunc };
  })(x);

const plainAttention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, scale: number): tf.Tensor => {
  const e = exp(tf.mul(tf.matMul(q, k, false, true), scale));
  return tf.matMul(tf.div(e, tf.sum(e, -1, true)), v);
};

// Several keys and scores near 0: where one key takes all the weight, the gradients of q and k are differences of nearly
// equal terms, of which only the rounding is left.
it("attention", () => {
  const unit = { min: -1, max: 1 };
  const sizes = fc.record({
    batch: shape(0, 2, 3),
    t: fc.integer({ min: 1, max: 5 }),
    s: fc.integer({ min: 3, max: 6 }),
    d: fc.integer({ min: 1, max: 4 }),
    e: fc.integer({ min: 1, max: 4 }),
    scale: fc.constantFrom(1, 0.5),
  });
  return property(
    sizes.chain(({ batch, t, s, d, e, scale }) =>
      fc
        .tuple(floats([...batch, t, d], unit), floats([...batch, s, d], unit), floats([...batch, s, e]))
        .map((inputs) => ({
          fused: (q, k, v) => attention(q!, k!, v!, scale),
          plain: (q, k, v) => plainAttention(q!, k!, v!, scale),
          inputs,
          terms: t * s * Math.max(d, e),
        })),
    ),
  );
});
