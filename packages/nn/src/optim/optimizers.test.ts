import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { describe, expect, it } from "vitest";
import { expectTensors, readGolden, tensorsOf, under } from "../../test/golden.ts";
import type { Params } from "../params.ts";
import { type AdamState, adam, adamW, type Optimizer, sgd } from "./index.ts";

interface Attrs {
  kind: "sgd" | "adam" | "adamW";
  options: object;
  rates: number[];
}
const OPTIMIZERS = { sgd, adam, adamW };

describe("six steps at changing rates, from PyTorch", () => {
  const cases = readGolden<Attrs>("optimizers.json").map((c) => [c.name, c] as const);
  it.each(cases)("%s", async (_, c) => {
    const { kind, options, rates } = c.attrs;
    const optimizer = OPTIMIZERS[kind](options) as Optimizer<object>;
    for (const compile of [jit, eager]) {
      const update = compile(optimizer.update) as unknown as typeof optimizer.update;
      let params = tensorsOf(c, "params.");
      let state = optimizer.init(params);
      for (const [i, rate] of rates.entries()) {
        const gradients = tensorsOf(c, `gradients${i}.`);
        ({ params, state } = await update(params, gradients, state, tf.tensor1d([rate])));
        await expectTensors(params, under(c.tensors, `after${i}.`));
      }
    }
  });
});

describe("Adam", () => {
  /** State after `taken` steps of gradient g: m = (1 - beta1^n) g, v = (1 - beta2^n) g^2. */
  const after = (taken: number, g: number): AdamState => ({
    step: tf.scalar(taken),
    mean: { p: tf.tensor1d([(1 - 0.9 ** taken) * g]) },
    square: { p: tf.tensor1d([(1 - 0.999 ** taken) * g * g]) },
  });

  // A constant gradient moves a parameter by the learning rate at every step, as long as the corrections keep their digits.
  it.each([1, 2, 10, 1000, 1_000_000])(
    "corrects its moments to float32's precision at step %i",
    async (step) => {
      const params: Params = { p: tf.zeros([1]) };
      const gradients: Params = { p: tf.tensor1d([0.5]) };
      for (const compile of [jit, eager]) {
        const update = compile(adam().update);
        const { params: moved } = await update(params, gradients, after(step - 1, 0.5), tf.scalar(0.01));
        expect((await moved.p!.data())[0]! / -0.01).toBeCloseTo(1, 5);
      }
    },
  );

  it("leaves what it was given as it is", () => {
    const params: Params = { p: tf.ones([2]) };
    const optimizer = adam();
    const state = optimizer.init(params);
    optimizer.update(params, { p: tf.ones([2]) }, state, tf.scalar(0.1));
    expect([params.p, state.step, state.mean.p].map((t) => t!.arraySync())).toEqual([[1, 1], 0, [0, 0]]);
  });
});

describe("optimizers refuse", () => {
  it.each([
    [
      "momentum of less than 0",
      () => sgd({ momentum: -1 }),
      "momentum: expected a finite number, 0 or more, found -1",
    ],
    [
      "Nesterov without momentum",
      () => sgd({ nesterov: true }),
      "nesterov: expected a momentum above 0 with it, found 0",
    ],
    ["a beta of 1", () => adam({ beta2: 1 }), "beta2: expected a number in [0, 1), found 1"],
    [
      "decay that is no number",
      () => adamW({ weightDecay: Number.NaN }),
      "weightDecay: expected a finite number",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "NN_OPTION", message: expect.stringContaining(message) }),
    );
  });

  it("gradients that lack a parameter, or have another shape", () => {
    const params = { "a.weight": tf.ones([2]) };
    const step = (gradients: Params) => sgd().update(params, gradients, { velocity: {} }, tf.scalar(0.1));
    expect(() => step({})).toThrow('Expected a parameter "a.weight", found none.');
    expect(() => step({ "a.weight": tf.ones([3]) })).toThrow('parameter "a.weight": expected [2], found [3]');
  });
});
