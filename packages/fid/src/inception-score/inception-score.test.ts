import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { golden, samples, table } from "../../test/golden-metrics.ts";
import { inceptionScoreInOrder } from "./inception-score.ts";
import { inceptionScore } from "./index.ts";

const generator = generatorFromSeed(1);

it.each(golden.inceptionScore)("case %#: torch-fidelity's value", ({ logits, splits, order, mean, std }) => {
  const score = inceptionScoreInOrder(samples(logits), Int32Array.from(order), splits);
  expect(score.mean / mean).toBeCloseTo(1, 12);
  expect(score.std).toBeCloseTo(std, 11);
});

it("certain and evenly spread over the classes: the number of classes", () => {
  const logits = table(
    ...Array.from({ length: 12 }, (_, i) => [0, 1, 2, 3].map((y) => (y === i % 4 ? 5000 : 0))),
  );
  const { mean, std } = inceptionScore(logits, { generator, splits: 1 });
  expect(mean).toBeCloseTo(4, 12);
  expect(std).toBe(0);
});

it("all alike: 1", () => {
  expect(inceptionScore(table([1, 2], [1, 2], [1, 2]), { generator, splits: 3 }).mean).toBeCloseTo(1, 12);
});

it("the order is the generator's", () => {
  const logits = samples([64, 10, 1, 9, 0]);
  const of = (seed: number) => inceptionScore(logits, { generator: generatorFromSeed(seed) });
  expect(of(1)).toEqual(of(1));
  expect(of(2).mean).not.toBe(of(1).mean);
  expect(of(1).splits).toBe(10);
});

describe("bad input", () => {
  it.each([
    [
      table([1, 2], [3, 4]),
      {},
      "FID_TOO_FEW_SAMPLES",
      /Logits: expected at least 10 samples for 10 splits, found 2/,
    ],
    [table([1, Number.NaN]), { splits: 1 }, "FID_NUMBER_RANGE", /found NaN/],
    [
      table([1, 2]),
      { splits: 0 },
      "FID_METRIC_OPTION",
      /splits: expected a whole number of at least 1, found 0/,
    ],
    [table([1, 2]), { splits: 1.5 }, "FID_METRIC_OPTION", /found 1.5/],
    [{ data: new Float32Array(0), count: 0, dims: 0 }, {}, "FID_SAMPLE_SHAPE", /as dims, found 0/],
  ])("%#", (logits, options, code, message) => {
    expect(() => inceptionScore(logits, { generator, ...options })).toThrow(
      expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(message) }),
    );
  });
});
