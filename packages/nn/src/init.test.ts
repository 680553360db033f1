/** Distributions against algebra: bounds, and moments within five standard errors. */

import { describe, expect, it } from "vitest";
import { constant, type Initializer, initialize, normal, uniform } from "./init.ts";
import {
  batchNormSpecs,
  conv2dSpecs,
  convTranspose2dSpecs,
  embeddingSpecs,
  linearSpecs,
  multiHeadAttentionSpecs,
} from "./layers/index.ts";
import { type ParamSpec, type ParamSpecs, scoped } from "./params.ts";
import { generatorFromSeed } from "./random/generator.ts";

const draw = ({ shape, init }: ParamSpec) => init(shape, generatorFromSeed(7));

function moments(values: Float32Array) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

/** Uniform in [-bound, bound): variance bound^2 / 3, fourth moment bound^4 / 5. */
function expectUniform(values: Float32Array, bound: number): void {
  const { mean, variance } = moments(values);
  const n = values.length;
  const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(largest).toBeLessThanOrEqual(Math.fround(bound));
  expect(largest).toBeGreaterThan(bound * (1 - 20 / n)); // e^-20 that none of n comes so close
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(bound ** 2 / 3 / n));
  expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(5 * bound ** 2 * Math.sqrt((1 / 5 - 1 / 9) / n));
}

/** Fourth central moment 3 deviation^4. */
function expectNormal(values: Float32Array, centre: number, deviation: number): void {
  const { mean, variance } = moments(values);
  const n = values.length;
  expect(Math.abs(mean - centre)).toBeLessThan((5 * deviation) / Math.sqrt(n));
  expect(Math.abs(variance - deviation ** 2)).toBeLessThan(5 * deviation ** 2 * Math.sqrt(2 / n));
}

describe("PyTorch's defaults", () => {
  it.each([
    ["convolution, fan-in 16 * 3 * 3", conv2dSpecs(16, 64, 3), 1 / Math.sqrt(16 * 9)],
    ["linear layer, fan-in 128", linearSpecs(128, 64), 1 / Math.sqrt(128)],
    [
      "transposed convolution, whose fan-in PyTorch counts by the outputs: 16 * 4 * 4",
      convTranspose2dSpecs(64, 16, 4),
      1 / 16,
    ],
  ])("%s: weight and bias uniform within 1 / sqrt(fan-in)", (_, specs: ParamSpecs, bound) => {
    expectUniform(draw(specs.weight!), bound);
    expectUniform(draw({ ...specs.bias!, shape: [5000] }), bound);
  });

  it("attention: Glorot's bound sqrt(6 / (c + 3c)) going in, 1 / sqrt(c) going out, biases 0", () => {
    const specs = multiHeadAttentionSpecs(64);
    expectUniform(draw(specs.in_proj_weight!), Math.sqrt(6 / 256));
    expectUniform(draw(specs["out_proj.weight"]!), 1 / 8);
    expect([...draw(specs.in_proj_bias!), ...draw(specs["out_proj.bias"]!)].every((v) => v === 0)).toBe(true);
  });

  it("embedding: standard normal", () => {
    expectNormal(draw(embeddingSpecs(100, 100).weight!), 0, 1);
  });

  it("batch normalisation: scale and variance 1, offset and mean 0", () => {
    const first = (name: string) => draw(batchNormSpecs(4)[name]!)[0];
    expect(["weight", "bias", "running_mean", "running_var"].map(first)).toEqual([1, 0, 0, 1]);
  });
});

it("DCGAN's: N(0, 0.02) for convolutions, N(1, 0.02) for the scales of batch normalisation", () => {
  expectNormal(draw(conv2dSpecs(16, 64, 4, { init: normal(0, 0.02) }).weight!), 0, 0.02);
  expectNormal(draw({ ...batchNormSpecs(1, { init: normal(1, 0.02) }).weight!, shape: [10_000] }), 1, 0.02);
});

describe("initialize", () => {
  const specs: ParamSpecs = { ...scoped("a", linearSpecs(3, 2)), ...scoped("b", linearSpecs(3, 2)) };
  const values = (specs: ParamSpecs, seed: number) =>
    Object.fromEntries(
      Object.entries(initialize(specs, generatorFromSeed(seed))).map(([k, t]) => [k, t.arraySync()]),
    );

  it("draws each parameter from its own stream: same seed, same tree, in any order", () => {
    const reversed = Object.fromEntries(Object.entries(specs).reverse());
    expect(values(reversed, 1)).toEqual(values(specs, 1));
    expect(values(specs, 2)).not.toEqual(values(specs, 1));
    expect(values(specs, 1)["a.weight"]).not.toEqual(values(specs, 1)["b.weight"]);
  });

  it("gives tensors of the specs' shapes and float32", () => {
    const init: Initializer = constant(3);
    const tree = initialize(
      { scale: { shape: [], init }, w: { shape: [2, 1], init: uniform(1) } },
      generatorFromSeed(1),
    );
    expect([tree.scale!.shape, tree.w!.shape, tree.w!.dtype]).toEqual([[], [2, 1], "float32"]);
    expect(tree.scale!.arraySync()).toBe(3);
  });
});
