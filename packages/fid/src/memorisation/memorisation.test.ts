import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { finished, table } from "../../test/golden-metrics.ts";
import type { Samples } from "../samples/index.ts";
import { memorisation } from "./index.ts";

/** Normal draws. */
function draws(count: number, dims: number, seed: number): Samples {
  return { data: generatorFromSeed(seed).normal(count * dims), count, dims };
}

it("on a line, by hand", async () => {
  const report = await finished(
    memorisation(table([0], [10], [14]), table([1], [9.5], [30], [9.5]), {
      referenceNames: ["a.png", "b.png", "c.png"],
      generatedNames: ["0.png", "1.png", "2.png", "3.png"],
      worst: 3,
    }),
  );
  // Own neighbours of the reference: 10, 4, 4; relative, each left out: 10 / 4, 4 / 14, 4 / 10. Nearest of the generated: a at 1, b at 0.5, c at 16, b at 0.5.
  expect(report).toEqual({
    authenticity: 0.25,
    expectedAuthenticity: 1 / 3,
    toReference: { smallest: 0.5, percentile1: 0.5, median: 0.75, largest: 16 },
    withinReference: { smallest: 4, percentile1: 4, median: 4, largest: 10 },
    withinGenerated: { smallest: 0, percentile1: 0, median: 4.25, largest: 20.5 },
    copiedShare: 0.75,
    repeatedShare: 0.5,
    copies: [
      { generated: "0.png", reference: "a.png", distance: 1, relative: 0.1 },
      { generated: "1.png", reference: "b.png", distance: 0.5, relative: 0.125 },
      { generated: "3.png", reference: "b.png", distance: 0.5, relative: 0.125 },
    ],
    repetitions: [
      { first: "1.png", second: "3.png", distance: 0 },
      { first: "0.png", second: "1.png", distance: 8.5 },
      { first: "2.png", second: "1.png", distance: 20.5 },
    ],
  });
});

it.each([1, 3, 24])(
  "fresh draws in %i dimensions: as authentic as the reference's own, 1 % suspicious",
  async (dims) => {
    const report = await finished(memorisation(draws(3000, dims, 1), draws(3000, dims, 2)));
    expect(Math.abs(report.authenticity - report.expectedAuthenticity)).toBeLessThan(0.03);
    expect(Math.abs(report.copiedShare - 0.01)).toBeLessThan(0.006);
    expect(Math.abs(report.repeatedShare - 0.01)).toBeLessThan(0.006);
    // Of points on a line, two in three are the nearest of their nearest.
    if (dims === 1) expect(Math.abs(report.authenticity - 1 / 3)).toBeLessThan(0.03);
  },
);

it("copies with a little noise are all found", async () => {
  const reference = draws(200, 32, 1);
  const noise = draws(200, 32, 2).data;
  const copies = { ...reference, data: reference.data.map((x, i) => x + 0.01 * noise[i]!) };
  const report = await finished(memorisation(reference, copies));
  expect(report).toMatchObject({ authenticity: 0, copiedShare: 1 });
  expect(report.copies).toHaveLength(20);
  for (const { generated, reference } of report.copies) expect(generated).toBe(reference);
});

it("two modes only: every sample is a repetition", async () => {
  const rows = [new Array(8).fill(1), new Array(8).fill(-1)];
  const generated = table(...Array.from({ length: 40 }, (_, i) => rows[i % 2]!));
  const report = await finished(memorisation(draws(100, 8, 1), generated, { worst: 100 }));
  expect(report.repeatedShare).toBe(1);
  expect(report.withinGenerated.largest).toBe(0);
  // Each with the first of its kind; the first ones with their second, once.
  expect(report.repetitions).toHaveLength(38);
});

it("an exact copy of an image that the reference has twice is a copy", async () => {
  const report = await finished(memorisation(table([0], [0], [5], [9]), table([0], [7])));
  expect(report.copies[0]).toEqual({ generated: "0", reference: "0", distance: 0, relative: 0 });
  expect(report.authenticity).toBe(0);
});

describe("bad input", () => {
  const good = table([1], [2], [3]);
  it.each([
    [
      good,
      { referenceNames: ["a"] },
      "FID_METRIC_OPTION",
      /referenceNames: expected 3 names, one for each sample, found 1/,
    ],
    [good, { generatedNames: [] }, "FID_METRIC_OPTION", /generatedNames: .* found 0/],
    [good, { worst: -1 }, "FID_METRIC_OPTION", /worst/],
    [table([1]), {}, "FID_TOO_FEW_SAMPLES", /Generated features/],
    [table([1], [Number.NaN]), {}, "FID_NUMBER_RANGE", /NaN/],
    [table([1, 2], [3, 4]), {}, "FID_SAMPLE_SHAPE", /found 1 and 2/],
  ])("%#", async (generated, options, code, message) => {
    await expect(finished(memorisation(good, generated, options))).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
