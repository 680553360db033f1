// The benchmark's Inception computes what its PyTorch mirror computes: `pnpm --filter @touchstone/bench test`.
// The reference, fixtures/golden/bench-parity.json, is float64 PyTorch on the same seeded weights (peers/make_parity.py).
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import { beforeAll, expect, it } from "vitest";
import { inception, inceptionSpecs } from "./inception.ts";
import { parameterCount, seededInput, seededParams } from "./params.ts";

const TOLERANCE = 1e-4; // relative to the largest value: float32 against float64
const SIDE = 75;
const MINUTES = 60_000;

interface Parity {
  features: { shape: number[]; data: number[] };
  parameters: number;
}
const parity: Parity = JSON.parse(
  readFileSync(new URL("../../../fixtures/golden/bench-parity.json", import.meta.url), "utf8"),
);

beforeAll(async () => {
  await tf.setBackend("cpu");
});

it("has as many parameters", () => {
  expect(parameterCount(inceptionSpecs())).toBe(parity.parameters);
});

it.each([
  ["compiled", jit],
  ["eager cpu", <A extends unknown[], R>(fn: (...args: A) => R) => eager(fn, { backend: "cpu" })],
] as const)("Inception-v3 forward, %s", { timeout: 5 * MINUTES }, async (_, compile) => {
  const params = seededParams(inceptionSpecs(SIDE));
  const run = compile((x: tf.Tensor4D) => inception(params, x));
  const output = await run(seededInput("x", [1, SIDE, SIDE, 3]) as tf.Tensor4D);
  const { shape, data } = parity.features;
  expect(output.shape).toEqual(shape);
  const found = await output.data();
  const error = Math.max(...data.map((expected, i) => Math.abs(expected - found[i]!)));
  expect(error / Math.max(...data)).toBeLessThan(TOLERANCE);
});
