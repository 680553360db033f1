/** Layers and their gradients, on tfjs's cpu backend and on the engine under test, against the values PyTorch computed in float64: `fixtures/golden`. */

import { readdirSync, readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { attention, gelu, normalize, standardize } from "../src/index.ts";
import { expectClose } from "./agreement.ts";
import { engineName, onEngine, TOLERANCE } from "./engine.ts";

type Named = Record<string, tf.Tensor>;
type Layer<A> = (t: Named, attrs: A) => tf.Tensor;
/** Computes every tensor of a case that is not among its inputs. */
type Check<A> = (t: Named, attrs: A) => Named;

interface Case<A> {
  name: string;
  attrs: A;
  tensors: Record<string, { shape: number[]; data: number[] }>;
}

const FOLDER = new URL("../../../fixtures/golden/", import.meta.url);
const checked: string[] = [];
const read = (file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));

/**
 * Every element within TOLERANCE times the largest of its tensor, without an allowance for long sums: the longest here
 * has 192 terms (a slope's norm), whose rounding in float32 adds up to some sqrt(192) * 6e-8 = 8e-7 of their magnitude.
 *
 * @param inputs the tensors of each case that the check reads; it must return all the others but those in `missing`
 */
function golden<A>(
  file: string,
  inputs: (c: Case<A>) => string[],
  check: Check<A>,
  missing: (attrs: A) => string[] = () => [],
): void {
  checked.push(file);
  const { cases } = read(file) as { cases: Case<A>[] };
  describe(file, () => {
    it.each(cases.map((c) => [c.name, c] as const))("%s", async (_, c) => {
      const names = inputs(c);
      const feed = Object.fromEntries(
        names.map((name) => [name, tf.tensor(c.tensors[name]!.data, c.tensors[name]!.shape, "float32")]),
      );
      const left = Object.keys(c.tensors).filter(
        (name) => !names.includes(name) && !missing(c.attrs).includes(name),
      );
      const compare = async (found: Named, how: string): Promise<void> => {
        expect(Object.keys(found).sort(), how).toEqual(left.toSorted());
        for (const name of left) {
          const { shape, data } = c.tensors[name]!;
          expect(found[name]!.shape, `${how} ${name}`).toEqual(shape);
          expectClose(await found[name]!.data(), data, TOLERANCE, `${how} ${name}`);
        }
        tf.dispose(found);
      };
      const run = onEngine((t: Named) => check(t, c.attrs));
      try {
        await compare(
          tf.tidy(() => check(feed, c.attrs)),
          "cpu backend",
        );
        await compare(await run(feed), engineName);
      } finally {
        await run.dispose();
        tf.dispose(feed);
      }
    });
  });
}

/** {y, d<name> of each}, where d is the gradient of sum(y dy). */
function withGradients<A>(layer: Layer<A>, ...names: string[]): Check<A> {
  return (t, attrs) => {
    const loss = (xs: Named): tf.Tensor => tf.sum(tf.mul(layer({ ...t, ...xs }, attrs), t.dy!));
    return { y: layer(t, attrs), ...prefixed("d", gradients(loss, pick(t, names))) };
  };
}

/** The gradient of fn, a scalar, with respect to each of these tensors. */
function gradients(fn: (xs: Named) => tf.Tensor, xs: Named): Named {
  const names = Object.keys(xs);
  const named = (list: tf.Tensor[]): Named => Object.fromEntries(names.map((name, i) => [name, list[i]!]));
  return named(tf.grads((...list: tf.Tensor[]) => fn(named(list)))(Object.values(xs)));
}

const pick = (t: Named, names: string[]): Named => Object.fromEntries(names.map((name) => [name, t[name]!]));
const prefixed = (prefix: string, t: Named): Named =>
  Object.fromEntries(Object.entries(t).map(([name, x]) => [prefix + name, x]));

interface Convolution {
  strides: number;
  pad: number | "same" | "valid";
}

const convolved = (x: tf.Tensor, w: tf.Tensor, { strides, pad }: Convolution, dilations = 1): tf.Tensor =>
  tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, "NHWC", dilations);

{
  const layer: Layer<Convolution & { dilations: number }> = ({ x, filter, bias }, attrs) =>
    tf.add(convolved(x!, filter!, attrs, attrs.dilations), bias!);
  const all = withGradients(layer, "x", "filter", "bias");
  const ofBias = withGradients(layer, "bias");
  // tfjs's gradient of conv2d refuses dilations, so there only the value and the bias's gradient can be compared.
  golden<Convolution & { dilations: number }>(
    "conv2d.json",
    () => ["x", "filter", "bias", "dy"],
    (t, attrs) => (attrs.dilations > 1 ? ofBias : all)(t, attrs),
    ({ dilations }) => (dilations > 1 ? ["dx", "dfilter"] : []),
  );
}

{
  type Attrs = Convolution & { outputShape: [number, number, number, number] };
  const layer: Layer<Attrs> = ({ x, filter, bias }, { outputShape, strides, pad }) => {
    const y = tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, outputShape, strides, pad);
    return tf.add(y, bias!);
  };
  golden(
    "conv-transpose2d.json",
    () => ["x", "filter", "bias", "dy"],
    withGradients(layer, "x", "filter", "bias"),
  );
}

const AFFINE = ["x", "gamma", "beta"];
const affine = (t: Named, axes: number[], epsilon: number): tf.Tensor =>
  normalize(t.x!, t.gamma as tf.Tensor1D, t.beta as tf.Tensor1D, axes, epsilon);

{
  const axes = (x: tf.Tensor): number[] => x.shape.slice(0, -1).map((_, i) => i);
  type Attrs = { epsilon: number; momentum: number };
  const layer: Layer<Attrs> = (t, { epsilon }) => affine(t, axes(t.x!), epsilon);
  const training = withGradients(layer, ...AFFINE);
  golden<Attrs>(
    "batch-norm.json",
    () => [...AFFINE, "runningMean", "runningVar", "dy"],
    (t, attrs) => {
      const { x, gamma, beta, runningMean, runningVar } = t as Record<string, tf.Tensor1D>;
      const { mean, variance } = tf.moments(x!, axes(x!));
      const count = x!.size / gamma!.size;
      const updated = (old: tf.Tensor, value: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(old, 1 - attrs.momentum), tf.mul(value, attrs.momentum));
      return {
        ...training(t, attrs),
        newRunningMean: updated(runningMean!, mean),
        newRunningVar: updated(runningVar!, tf.mul(variance, count / (count - 1))),
        yInference: tf.batchNorm(x! as tf.Tensor, runningMean!, runningVar!, beta!, gamma!, attrs.epsilon),
      };
    },
  );
}

{
  const layer: Layer<{ groups: number; epsilon: number }> = (t, { groups, epsilon }) => {
    if (groups === 1) return affine(t, [1, 2, 3], epsilon);
    const shape = t.x!.shape;
    const grouped = tf.reshape(t.x!, [...shape.slice(0, 3), groups, shape[3]! / groups]);
    const y = tf.reshape(standardize(grouped, [1, 2, 4], epsilon), shape);
    return tf.add(tf.mul(y, t.gamma!), t.beta!);
  };
  golden("group-norm.json", () => [...AFFINE, "dy"], withGradients(layer, ...AFFINE));
}

{
  const layer: Layer<{ axis: number; epsilon: number }> = (t, { axis, epsilon }) =>
    affine(t, [axis], epsilon);
  golden("layer-norm.json", () => [...AFFINE, "dy"], withGradients(layer, ...AFFINE));
}

{
  const params = ["x", "qkvWeight", "qkvBias", "outWeight", "outBias"];
  const linear = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(tf.matMul(x, w), b);
  const selfAttention: Layer<{ heads: number }> = (t, { heads }) => {
    const [batch, tokens, channels] = t.x!.shape as [number, number, number];
    const perHead = (x: tf.Tensor): tf.Tensor =>
      tf.transpose(tf.reshape(x, [batch, tokens, heads, channels / heads]), [0, 2, 1, 3]);
    const [q, k, v] = tf.split(linear(t.x!, t.qkvWeight!, t.qkvBias!), 3, -1).map(perHead);
    const y = attention(q!, k!, v!, 1 / Math.sqrt(channels / heads));
    const merged = tf.reshape(tf.transpose(y, [0, 2, 1, 3]), [batch, tokens, channels]);
    return linear(merged, t.outWeight!, t.outBias!);
  };
  golden("attention.json", () => [...params, "dy"], withGradients(selfAttention, ...params));
}

golden(
  "gelu.json",
  () => ["x", "dy"],
  withGradients(({ x }) => gelu(x!), "x"),
);

{
  interface Critic {
    lambda: number;
    leakyRelu: number;
    layers: Convolution[];
  }
  const isParameter = (name: string): boolean => /^(filter|bias)\d+$/.test(name);
  /** One score a sample. */
  const critic = (x: tf.Tensor, params: Named, { layers, leakyRelu }: Critic): tf.Tensor => {
    const last = layers.length - 1;
    const map = layers.reduce((y, layer, i) => {
      const z = convolved(y, params[`filter${i}`]!, layer);
      const bias = params[`bias${i}`];
      const biased = bias ? tf.add(z, bias) : z;
      return i < last ? tf.leakyRelu(biased, leakyRelu) : biased;
    }, x);
    return tf.mean(map, [1, 2, 3]);
  };
  const slope = (x: tf.Tensor, params: Named, attrs: Critic): tf.Tensor =>
    tf.grad((y: tf.Tensor) => tf.sum(critic(y, params, attrs)))(x);
  const norm = (dx: tf.Tensor): tf.Tensor => tf.sqrt(tf.sum(tf.square(dx), [1, 2, 3]));

  golden<Critic>(
    "gradient-penalty.json",
    ({ tensors }) => ["x", "fake", "real", ...Object.keys(tensors).filter(isParameter)],
    (t, attrs) => {
      const params = pick(t, Object.keys(t).filter(isParameter));
      // The slope does not depend on the last bias: tfjs refuses a gradient that no operation leads to, this makes it 0.
      const nothing = (p: Named): tf.Tensor => tf.addN(Object.values(p).map((x) => tf.mul(tf.sum(x), 0)));
      const penalty = (p: Named): tf.Tensor => {
        const excess = tf.sub(norm(slope(t.x!, p, attrs)), 1);
        return tf.add(tf.mul(tf.mean(tf.square(excess)), attrs.lambda), nothing(p));
      };
      const score = (x: tf.Tensor, p: Named): tf.Tensor => tf.mean(critic(x, p, attrs));
      const loss = (p: Named): tf.Tensor => tf.add(tf.sub(score(t.fake!, p), score(t.real!, p)), penalty(p));
      return {
        score: critic(t.x!, params, attrs),
        dscore_dx: slope(t.x!, params, attrs),
        slopeNorm: norm(slope(t.x!, params, attrs)),
        penalty: penalty(params),
        loss: loss(params),
        ...prefixed("penalty.d", gradients(penalty, params)),
        ...prefixed("loss.d", gradients(loss, params)),
      };
    },
  );
}

it("every file that make-golden.py writes is checked", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  const golden = files.filter((file) => read(file).meta?.madeBy.includes("make-golden.py"));
  expect(checked.toSorted()).toEqual(golden.toSorted());
});
