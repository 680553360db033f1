import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { describe, expect, it } from "vitest";
import { bothWays, expectTensors, type GoldenCase, tensorsOf } from "../test/golden.ts";
import { valueAndGradients } from "./gradients.ts";
import { batchNorm, conv2d, meanSquaredError } from "./layers/index.ts";
import type { Params } from "./params.ts";

const params = (): Params => ({ a: tf.tensor1d([1, 2]), b: tf.scalar(3) });
/** sum(a^2 b), by a 2 a b, by b sum(a^2) */
const cubic = ({ a, b }: Params) => tf.sum(tf.mul(tf.square(a!), b!));
const numbers = (t: tf.Tensor | undefined) => Array.from(t!.dataSync());

describe("valueAndGradients", () => {
  it("gives the loss and its gradient by each parameter", () => {
    const { loss, gradients } = valueAndGradients((p) => ({ loss: cubic(p) }), params());
    expect(numbers(loss)).toEqual([15]);
    expect([numbers(gradients.a), numbers(gradients.b)]).toEqual([[6, 12], [5]]);
  });

  const withOutputs = (p: Params) =>
    valueAndGradients((p) => {
      const hidden = tf.square(p.a!);
      return { loss: cubic(p), nested: { list: [hidden, p.b!], label: "hidden", none: null } };
    }, p);

  it.each([
    ["eager", eager(withOutputs)],
    ["compiled", jit(withOutputs)],
  ])("brings out what else was computed, %s", async (_, run) => {
    const { nested } = await run(params());
    expect(nested).toMatchObject({ label: "hidden", none: null });
    expect(await Promise.all(nested.list.map((t) => t.data()))).toEqual([
      Float32Array.of(1, 4),
      Float32Array.of(3),
    ]);
  });

  it("leaves nothing behind but its result, outside of any tidy", () => {
    const p = params();
    const before = tf.memory().numTensors;
    const { loss, nested, gradients } = withOutputs(p);
    expect(tf.memory().numTensors).toBe(before + 5);
    expect(numbers(p.b)).toEqual([3]);
    tf.dispose([loss, nested.list, gradients]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("leaves nothing behind when it fails", () => {
    const p = { ...params(), c: tf.scalar(1) };
    const before = tf.memory().numTensors;
    expect(() => valueAndGradients((p) => ({ loss: cubic(p) }), p)).toThrow("The loss does not depend on c.");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses a loss that is no scalar", () => {
    expect(() => valueAndGradients(({ a }) => ({ loss: a! }), { a: tf.ones([2]) })).toThrow(
      "Wrong shape of the loss: expected a scalar, [], found [2].",
    );
  });

  it("can be differentiated itself", () => {
    const norm = (x: tf.Tensor) => {
      const { gradients } = valueAndGradients(({ x }) => ({ loss: tf.sum(tf.pow(x!, 3)) }), { x });
      return tf.sum(gradients.x!); // sum(3 x^2)
    };
    expect(numbers(tf.grad(norm)(tf.tensor1d([1, 2])))).toEqual([6, 12]);
  });

  it("takes batch statistics out of a training step", async () => {
    const names = ["weight", "bias", "running_mean", "running_var"].map((name) => `norm.${name}`);
    const [weight, bias, mean, variance] = names as [string, string, string, string];
    const step = (x: tf.Tensor) => {
      const trained = { [weight]: tf.ones([2]), [bias]: tf.zeros([2]) };
      const running = { [mean]: tf.zeros([2]), [variance]: tf.ones([2]) };
      const { buffers } = valueAndGradients((p) => {
        const { y, buffers } = batchNorm({ ...p, ...running }, "norm", x, { training: true, momentum: 0.5 });
        return { loss: meanSquaredError(y, tf.zerosLike(y)), buffers };
      }, trained);
      return buffers;
    };
    // Means 2 and 6, unbiased variances 2 and 8, each half of the new value.
    await bothWays(
      step,
      [
        tf.tensor2d([
          [1, 4],
          [3, 8],
        ]),
      ],
      (found) =>
        expectTensors(found, {
          [mean]: { shape: [2], data: [1, 3] },
          [variance]: { shape: [2], data: [1.5, 4.5] },
        }),
    );
  });
});

describe("the gradient penalty of WGAN-GP, a gradient of a gradient, from PyTorch", () => {
  interface Critic {
    lambda: number;
    leakyRelu: number;
    layers: { strides: number; pad: number }[];
  }
  const url = new URL("../../../fixtures/golden/gradient-penalty.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, "utf8")) as { cases: GoldenCase<Critic>[] };

  /** `filter0`, `bias0`, ... by the layers' names. */
  const layerName = (name: string) =>
    name.replace(/filter(\d+)/, "$1.weight").replace(/bias(\d+)/, "$1.bias");
  const renamed = (tree: Params): Params =>
    Object.fromEntries(Object.entries(tree).map(([name, value]) => [layerName(name), value]));

  it.each(cases.map((c) => [c.name, c] as const))("%s", async (_, c) => {
    const { layers, leakyRelu, lambda } = c.attrs;
    const critic = (params: Params, x: tf.Tensor4D) =>
      layers.reduce((y, { strides, pad }, i) => {
        const z = conv2d(params, `${i}`, y, { stride: strides, padding: pad });
        return i < layers.length - 1 ? tf.leakyRelu(z, leakyRelu) : z;
      }, x);
    const score = (params: Params, x: tf.Tensor) => tf.mean(critic(params, x as tf.Tensor4D), [1, 2, 3]); // [b]
    const step = (params: Params, batch: Params) => {
      const { loss, penalty, gradients } = valueAndGradients((params) => {
        const slope = tf.grad((x) => tf.sum(score(params, x)))(batch.x!);
        const norm = tf.sqrt(tf.sum(tf.square(slope), [1, 2, 3])); // [b]
        const penalty = tf.mul(tf.mean(tf.square(tf.sub(norm, 1))), lambda);
        const difference = tf.sub(tf.mean(score(params, batch.fake!)), tf.mean(score(params, batch.real!)));
        return { loss: tf.add(difference, penalty), penalty };
      }, params);
      const named = Object.entries(gradients).map(([name, value]) => [`loss.d${name}`, value]);
      return { loss, penalty, ...Object.fromEntries(named) } as Params;
    };
    const { x, fake, real, ...rest } = tensorsOf(c);
    const params = Object.fromEntries(
      Object.entries(rest).filter(([name]) => /^(filter|bias)\d$/.test(name)),
    );
    const expected = Object.entries(c.tensors)
      .filter(([name]) => ["loss", "penalty"].includes(name) || name.startsWith("loss.d"))
      .map(([name, value]) => [layerName(name), value]);
    await bothWays(step, [renamed(params), { x: x!, fake: fake!, real: real! }], (found) =>
      expectTensors(found, Object.fromEntries(expected)),
    );
  });
});
