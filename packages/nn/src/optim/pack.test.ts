/** A tree with several vectors moves as each of them does alone. */

import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { expect, it } from "vitest";
import { mapParams, type Params } from "../params.ts";
import { generatorFromSeed } from "../random/index.ts";
import { adamW, movingAverage } from "./index.ts";
import { packing } from "./pack.ts";

const SHAPES = { "b.bias": [3], "a.weight": [2, 3], "a.bias": [2], scale: [], "c.bias": [4] };

function tree(seed: number): Params {
  const generator = generatorFromSeed(seed);
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, tf.tensor(generator.split(name).normal(size), shape)];
    }),
  );
}

const only = (name: string, params: Params): Params => ({ [name]: params[name]! });

async function numbers(params: Params): Promise<Record<string, readonly number[]>> {
  const entries = Object.entries(params).map(
    async ([name, p]) => [name, [...(await p.data())]] as [string, number[]],
  );
  return Object.fromEntries(await Promise.all(entries));
}

it("unpacked it is what was packed, in its order", async () => {
  const params = tree(0);
  const { pack, unpack } = packing(params);
  const packed = pack(params);
  expect(Object.keys(packed)).toEqual(["a.weight", "scale", ""]);
  const back = unpack(packed);
  expect(Object.keys(back)).toEqual(Object.keys(params));
  expect(await numbers(back)).toEqual(await numbers(params));
});

it("Adam and averages move each parameter as if it were alone", async () => {
  const [params, gradients] = [tree(1), tree(2)];
  const optimizer = adamW({ weightDecay: 0.1 });
  const update = jit((params: Params, gradients: Params) => {
    const state = optimizer.init(params);
    const first = optimizer.update(params, gradients, state, tf.scalar(0.1));
    const second = optimizer.update(first.params, params, first.state, tf.scalar(0.2));
    return { ...second, average: movingAverage(params, second.params, tf.scalar(0.9)) };
  });
  const whole = await update(params, gradients);
  for (const name of Object.keys(SHAPES)) {
    const alone = await update(only(name, params), only(name, gradients));
    for (const part of ["params", "average"] as const) {
      expect((await numbers(whole[part]))[name]).toEqual((await numbers(alone[part]))[name]);
    }
    expect((await numbers(whole.state.square))[name]).toEqual((await numbers(alone.state.square))[name]);
  }
});

it("a tree that is unlike it is refused by the name of what is wrong", () => {
  const { pack } = packing(tree(0));
  const { "a.bias": _, ...others } = tree(0);
  expect(() => pack(others)).toThrow('"a.bias"');
  expect(() => pack(mapParams(tree(0), (p) => tf.reshape(p, [-1])))).toThrow('parameter "a.weight"');
});
