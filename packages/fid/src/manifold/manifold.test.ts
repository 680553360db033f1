import type { Progress } from "@touchstone/cli";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finished, golden, samples, table } from "../../test/golden-metrics.ts";
import type { Samples } from "../samples/index.ts";
import { type ManifoldScores, manifoldScores, neighboursIn, neighboursWithin } from "./index.ts";

function squared(a: Samples, i: number, b: Samples, j: number): number {
  let sum = 0;
  for (let c = 0; c < a.dims; c++) sum += (a.data[i * a.dims + c]! - b.data[j * b.dims + c]!) ** 2;
  return sum;
}

const indices = (s: Samples) => Array.from({ length: s.count }, (_, i) => i);

/** The papers' definitions, pair by pair. */
function byDefinition(
  reference: Samples,
  generated: Samples,
  pr: number,
  dc: number,
): Partial<ManifoldScores> {
  const radius = (s: Samples, i: number, k: number) =>
    indices(s)
      .filter((j) => j !== i)
      .map((j) => squared(s, i, s, j))
      .sort((a, b) => a - b)[k - 1]!;
  const share = (s: Samples, test: (i: number) => boolean) => indices(s).filter(test).length / s.count;
  const all = { r: indices(reference), g: indices(generated) };
  const d = (g: number, r: number) => squared(generated, g, reference, r);
  const ballsOf = (g: number) => all.r.filter((r) => d(g, r) < radius(reference, r, dc)).length;
  return {
    precision: share(generated, (g) => all.r.some((r) => d(g, r) <= radius(reference, r, pr))),
    recall: share(reference, (r) => all.g.some((g) => d(g, r) <= radius(generated, g, pr))),
    density: all.g.reduce((sum, g) => sum + ballsOf(g), 0) / (dc * generated.count),
    coverage: share(reference, (r) => all.g.some((g) => d(g, r) < radius(reference, r, dc))),
  };
}

/** Points on a coarse grid, so that many distances are equal and many points are the same. */
const grid = (dims: number, offset: number) =>
  fc
    .array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: dims, maxLength: dims }), {
      minLength: 4,
      maxLength: 14,
    })
    .map((rows) => table(...rows.map((row) => row.map((x) => x + offset))));

it.each(golden.manifold)(
  "case %#: torch-fidelity's precision and recall, prdc's density and coverage",
  async ({ reference, generated, ...expected }) => {
    expect(await finished(manifoldScores(samples(reference), samples(generated), expected))).toEqual(
      expected,
    );
  },
);

it.each([0, 1000, 1e6])("ties and duplicates around %d: the definitions", async (offset) => {
  await fc.assert(
    fc.asyncProperty(grid(2, offset), grid(2, offset), async (reference, generated) => {
      const found = await finished(
        manifoldScores(reference, generated, { precisionRecallNeighbours: 2, densityCoverageNeighbours: 3 }),
      );
      expect(found).toMatchObject(byDefinition(reference, generated, 2, 3));
    }),
    { numRuns: 10 },
  );
});

it("clusters far apart, tighter than float32 products can tell: the definitions", async () => {
  const clusters = (seed: number): Samples => {
    const noise = samples([40, 64, seed, 1e-3, 0]);
    return { ...noise, data: noise.data.map((x, i) => x + (Math.floor(i / 64) % 4) * 100) };
  };
  const [reference, generated] = [clusters(1), clusters(2)];
  const found = await finished(manifoldScores(reference, generated));
  expect(found).toMatchObject(byDefinition(reference, generated, 3, 5));
});

it("either pair alone: the same values, and no more samples than it needs", async () => {
  const [reference, generated] = [samples([40, 3, 1, 1, 0]), samples([30, 3, 2, 1, 0])];
  const pr = await finished(manifoldScores(reference, generated, { densityCoverageNeighbours: false }));
  const dc = await finished(manifoldScores(reference, generated, { precisionRecallNeighbours: false }));
  expect({ ...pr, ...dc }).toEqual(await finished(manifoldScores(reference, generated)));
  expect(Object.keys(pr)).toEqual(["precision", "recall", "precisionRecallNeighbours"]);
  expect(Object.keys(dc)).toEqual(["density", "coverage", "densityCoverageNeighbours"]);
  const four = samples([4, 3, 1, 1, 0]);
  expect(await finished(manifoldScores(four, four, { densityCoverageNeighbours: false }))).toMatchObject({
    precision: 1,
    recall: 1,
  });
  const two = samples([2, 3, 2, 1, 0]);
  const { density, coverage } = byDefinition(reference, two, 1, 5);
  expect(await finished(manifoldScores(reference, two, { precisionRecallNeighbours: false }))).toMatchObject({
    density,
    coverage,
  });
});

it("a set against itself: everything inside and covered", async () => {
  const set = samples([50, 8, 1, 1, 0]);
  const { precision, recall, coverage, density } = await finished(manifoldScores(set, set));
  expect({ precision, recall, coverage }).toEqual({ precision: 1, recall: 1, coverage: 1 });
  // Each lies in its own ball and, on average, in those of the others that count it among their 4 nearest (the 5th is on the surface).
  expect(density).toBe(1);
});

it("a generator that makes one image only, inside: precise, and covers next to nothing", async () => {
  const reference = samples([60, 2, 1, 1, 0]);
  const one = Array.from(reference.data.subarray(0, 2));
  const { precision, recall, coverage } = await finished(
    manifoldScores(reference, table(...new Array(30).fill(one))),
  );
  expect(precision).toBe(1);
  expect(recall).toBe(1 / 60);
  expect(coverage).toBeLessThan(0.2);
});

it("far away: nothing inside", async () => {
  const far = await finished(manifoldScores(samples([40, 3, 1, 1, 0]), samples([40, 3, 2, 1, 1e4])));
  expect(far).toMatchObject({ precision: 0, recall: 0, density: 0, coverage: 0 });
});

describe("nearest neighbours", () => {
  it.each([
    [300, 3, 5],
    [1100, 40, 2],
    [30, 257, 29],
  ])(
    "%i samples of %i dimensions, the %i nearest: by definition, over all blocks",
    async (count, dims, k) => {
      const set = samples([count, dims, 1, 1, 0]);
      const other = samples([count + 4000, dims, 2, 1, 0]);
      const expected = (base: Samples, i: number, skip: boolean) =>
        indices(base)
          .filter((j) => !(skip && j === i))
          .map((j) => [squared(set, i, base, j), j] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1])
          .slice(0, k);
      for (const [base, found, skip] of [
        [set, await finished(neighboursWithin(set, k, "")), true],
        [other, await finished(neighboursIn(other, set, k, "")), false],
      ] as const) {
        for (const i of [0, 17, count - 1]) {
          const own = expected(base, i, skip);
          expect(Array.from(found.indices.subarray(i * k, (i + 1) * k))).toEqual(own.map(([, j]) => j));
          own.forEach(([d], n) => {
            expect(found.squared[i * k + n]! / d).toBeCloseTo(1, 12);
          });
        }
      }
    },
  );

  it("of equally near ones the first", async () => {
    const set = table([0], [1], [0], [1], [0]);
    const { indices, squared } = await finished(neighboursWithin(set, 3, ""));
    expect(Array.from(indices)).toEqual([2, 4, 1, 3, 0, 2, 0, 4, 1, 1, 0, 2, 0, 2, 1]);
    expect(Array.from(squared)).toEqual([0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1]);
  });
});

it("reports how far it is, to the end of each pass", async () => {
  const seen: Progress[] = [];
  await finished(manifoldScores(samples([1100, 4, 1, 1, 0]), samples([20, 4, 2, 1, 0])), seen);
  expect(seen.map(({ label, done, total }) => `${label} ${done}/${total}`)).toEqual([
    "neighbours in the reference 1024/1100",
    "neighbours in the reference 1100/1100",
    "neighbours among the generated 20/20",
    "generated to reference 20/20",
  ]);
});

describe("bad input", () => {
  const good = samples([10, 2, 1, 1, 0]);
  it.each([
    [
      samples([3, 2, 1, 1, 0]),
      {},
      "FID_METRIC_OPTION",
      /precisionRecallNeighbours: .* from 1 to 2, .* found 3/,
    ],
    [
      good,
      { densityCoverageNeighbours: 10 },
      "FID_METRIC_OPTION",
      /densityCoverageNeighbours: .* 1 to 9, .* found 10/,
    ],
    [good, { precisionRecallNeighbours: 0 }, "FID_METRIC_OPTION", /found 0/],
    [good, { precisionRecallNeighbours: 1.5 }, "FID_METRIC_OPTION", /found 1.5/],
    [table([1, 2]), {}, "FID_TOO_FEW_SAMPLES", /Generated features: expected at least 2/],
    [table([1, 2], [3, Number.NaN]), {}, "FID_NUMBER_RANGE", /found NaN in row 1, column 1/],
    [table([1, 2], [3, 1e30]), {}, "FID_NUMBER_RANGE", /magnitude up to/],
    [samples([9, 3, 1, 1, 0]), {}, "FID_SAMPLE_SHAPE", /found 2 and 3/],
  ])("%#", async (bad, options, code, message) => {
    await expect(finished(manifoldScores(good, bad, options))).rejects.toMatchObject({
      code,
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
