/** A run that was interrupted and resumed gives the bytes of one that was not. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { scratch } from "../../test/scratch.ts";
import { type GeneratorState, generatorFromSeed, generatorFromState } from "../random/generator.ts";
import { loadParams } from "./params.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { writeSafetensors } from "./safetensors.ts";
import { loadTrainingState, saveTrainingState } from "./training-state.ts";

const { path } = scratch();

type Named = Record<string, tf.Tensor>;
interface Run {
  params: Named;
  optimizer: { momentum: Named; step: tf.Tensor };
  ema: Named;
  step: number;
  best: number | null;
  history: number[];
  generator: GeneratorState;
  note: string;
  done: boolean;
}

const SHAPES = { "net.filter": [3, 3, 2, 4], "net.bias": [4] };

function begin(seed: number): Run {
  const generator = generatorFromSeed(seed);
  const fill = (draw: (n: number) => Float32Array): Named =>
    Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [
        name,
        tf.tensor(draw(shape.reduce((a, b) => a * b)), shape),
      ]),
    );
  return {
    params: fill((n) => generator.normal(n)),
    optimizer: { momentum: fill((n) => new Float32Array(n)), step: tf.scalar(0, "int32") },
    ema: fill((n) => new Float32Array(n)),
    step: 0,
    best: null,
    history: [],
    generator: generator.state(),
    note: "Größe 1",
    done: false,
  };
}

/** k steps of momentum with noise from the generator. */
function train(run: Run, k: number): Run {
  for (let i = 0; i < k; i++) {
    const generator = generatorFromState(run.generator);
    const x = tf.tensor4d(generator.normal(2 * 5 * 5 * 2), [2, 5, 5, 2]);
    const next = (f: (name: string) => tf.Tensor): Named =>
      Object.fromEntries(Object.keys(run.params).map((name) => [name, f(name)]));
    const loss = (filter: tf.Tensor, bias: tf.Tensor) =>
      tf.mean(tf.square(tf.add(tf.conv2d(x, filter as tf.Tensor4D, 1, "same"), bias)));
    const { value, grads } = tf.valueAndGrads((...p: tf.Tensor[]) => loss(p[0]!, p[1]!) as tf.Scalar)(
      Object.values(run.params),
    );
    const gradients: Named = Object.fromEntries(Object.keys(run.params).map((name, i) => [name, grads[i]!]));
    const momentum = next((name) => tf.add(tf.mul(run.optimizer.momentum[name]!, 0.9), gradients[name]!));
    const params = next((name) => tf.sub(run.params[name]!, tf.mul(momentum[name]!, 0.01)));
    const current = value.dataSync()[0]!;
    run = {
      ...run,
      params,
      optimizer: { momentum, step: tf.add(run.optimizer.step, tf.scalar(1, "int32")) },
      ema: next((name) => tf.add(tf.mul(run.ema[name]!, 0.99), tf.mul(params[name]!, 0.01))),
      step: run.step + 1,
      best: Math.min(run.best ?? Number.POSITIVE_INFINITY, current),
      history: [...run.history, current],
      generator: generator.state(),
    };
  }
  return run;
}

describe("resuming", () => {
  it("k steps, save, load, k steps gives the file of 2k steps", async () => {
    const whole = await saveTrainingState(path("whole"), train(begin(1), 6));
    await saveTrainingState(path("half"), train(begin(1), 3));
    const resumed = await loadTrainingState(path("half"), begin(1));
    expect(resumed.step).toBe(3);
    expect(await saveTrainingState(path("resumed"), train(resumed, 3))).toBe(whole);
    expect(readFileSync(path("resumed"))).toEqual(readFileSync(path("whole")));
    expect(
      createHash("sha256")
        .update(readFileSync(path("whole")))
        .digest("hex"),
    ).toBe(whole);
    expect(whole).not.toBe(await saveTrainingState(path("other"), train(begin(2), 6)));
  });

  it("lets a model be taken out by its prefix", async () => {
    const run = train(begin(1), 1);
    await saveTrainingState(path("state"), run);
    const specs = Object.fromEntries(
      Object.entries(SHAPES).map(([name, shape]) => [name, { shape, init: () => new Float32Array() }]),
    );
    const ema = loadParams(specs, await readCheckpoint(path("state")), { prefix: "ema" });
    for (const name of Object.keys(SHAPES)) expect(ema[name]!.dataSync()).toEqual(run.ema[name]!.dataSync());
  });

  it("keeps every number, string and structure", async () => {
    const state = {
      numbers: [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, 5e-324, 1e300],
      strings: ["", "tensor", "number 1", "null", "  two\nlines ", "\u{1F600}"],
      odd: { "": 1, "a.b": 2, __proto__x: null, "10": true, "9": false },
      nested: { list: [[], [tf.tensor([1, 2], [2, 1], "int32")], {}], empty: {} },
      flags: tf.tensor([1, 0], [2], "bool"),
      image: tf.range(0, 24).reshape([1, 2, 3, 4]),
    };
    await saveTrainingState(path("all"), state);
    const { nested, flags, image, ...rest } = await loadTrainingState(path("all"), state);
    expect(rest).toEqual({ numbers: state.numbers, strings: state.strings, odd: state.odd });
    expect(Object.keys(rest.odd)).toEqual(Object.keys(state.odd));
    const [, [column]] = nested.list as [[], [tf.Tensor], object];
    expect([column.shape, column.dtype, Array.from(column.dataSync())]).toEqual([[2, 1], "int32", [1, 2]]);
    expect([flags.dtype, Array.from(flags.dataSync())]).toEqual(["bool", [1, 0]]);
    expect(image.shape).toEqual([1, 2, 3, 4]);
    expect(image.dataSync()).toEqual(state.image.dataSync());
  });
});

describe("a state that does not fit", () => {
  it("is refused with every difference, and leaves no tensor behind", async () => {
    await saveTrainingState(path("unlike"), {
      a: tf.zeros([2, 3]),
      b: tf.zeros([2], "int32"),
      step: "3",
      list: [1, 2],
      gone: 1,
      any: { w: tf.ones([1]) },
    });
    const like = {
      a: tf.zeros([3, 2]),
      b: tf.zeros([2]),
      step: 3,
      list: [1],
      new: { x: 1 },
      any: null,
    };
    const before = tf.memory().numTensors;
    const error = await loadTrainingState(path("unlike"), like).catch((error) => error);
    expect(error).toMatchObject({
      code: "NN_CHECKPOINT_MISMATCH",
      message: expect.stringContaining("the state that a new run begins with"),
    });
    expect(error.mismatches.toSorted()).toEqual([
      "a: expected tensor float32 [3, 2], found tensor float32 [2, 3]",
      "b: expected tensor float32 [2], found tensor int32 [2]",
      "gone: expected nothing, found it",
      "list: expected a list of 1, found one of 2",
      "new: expected it, found nothing",
      "step: expected number, found string",
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["another kind of file", {}, /a training state of version 1, found another kind of file/],
    ["a later version", { "touchstone.training-state": "2", tree: "{}" }, /found version 2/],
    ["no JSON", { "touchstone.training-state": "1", tree: "{" }, /a training state in JSON/],
    [
      "an unknown leaf",
      { "touchstone.training-state": "1", tree: '{"a":"date 1"}' },
      /state's a: .*found date 1/,
    ],
    [
      "a number that is none",
      { "touchstone.training-state": "1", tree: '{"a":"number 1x"}' },
      /found number 1x/,
    ],
    ["a leaf that is a number", { "touchstone.training-state": "1", tree: '{"a":1}' }, /found 1/],
    [
      "a tensor that is missing",
      { "touchstone.training-state": "1", tree: '{"a":"tensor"}' },
      /a tensor "a", found none/,
    ],
    [
      "a tensor too many",
      { "touchstone.training-state": "1", tree: "{}" },
      /0 tensors, as the state says, found 1/,
    ],
    [
      "a tensor named twice",
      { "touchstone.training-state": "1", tree: '{"w":{"x":"tensor"},"w.x":"tensor"}' },
      /"w\.x", found none/,
    ],
    [
      "a tree 100,000 deep",
      { "touchstone.training-state": "1", tree: `{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}` },
      /a depth of at most 64/,
    ],
  ])("%s", async (_, metadata, message) => {
    const tensors = new Map([["w.x", { dtype: "float32" as const, shape: [1], data: Float32Array.of(1) }]]);
    await writeSafetensors(path("broken"), { tensors, metadata });
    const like = Object.fromEntries(
      ["a", "w", "w.x"].filter((key) => metadata.tree?.includes(`"${key}"`)).map((key) => [key, null]),
    );
    await expect(loadTrainingState(path("broken"), like)).rejects.toThrow(message);
  });
});

describe("a state that cannot be stored", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each<[string, object, RegExp]>([
    ["undefined", { a: { b: undefined } }, /state's a\.b: expected a tensor, number.*found undefined/],
    ["a function", { f: () => 1 }, /found function/],
    ["a typed array", { a: new Float32Array(1) }, /found Float32Array/],
    ["a bigint", { a: 1n }, /found bigint/],
    ["a date", { a: new Date(0) }, /found Date/],
    ["a cycle", cycle, /a depth of at most 64, found more, or a cycle/],
    [
      "two tensors at one path",
      { a: { b: tf.ones([1]) }, "a.b": tf.ones([1]) },
      /a\.b: .*found two tensors there/,
    ],
    [
      "a tensor of strings",
      { a: tf.tensor(["x"]) },
      /"a": expected one of float32, int32, bool, found string/,
    ],
  ])("%s", async (_, state, message) => {
    await expect(saveTrainingState(path("never"), state)).rejects.toThrow(message);
  });
});
