import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { finished, golden, pointsOf, randomPoints } from "../test/golden.ts";
import { klDivergence } from "./divergence.ts";
import type { TsneOptions } from "./options.ts";
import type { Points } from "./points.ts";
import { tsne } from "./tsne.ts";

const embed = (points: Points, options: Partial<TsneOptions> = {}) =>
  finished(tsne(points, { generator: generatorFromSeed(0), ...options }));

describe("300 points in 6 clusters", () => {
  const points = pointsOf(golden.clusters);
  const { clusters, perplexity, exact } = golden.clusters;

  it.each(["pca", "random"] as const)(
    "begun by %s: scikit-learn's divergence, to a share of 0.03",
    async (init) => {
      const { embedding, klDivergence: kl, iterations } = await embed(points, { init, perplexity });
      expect(Math.abs(kl / exact.divergence - 1)).toBeLessThan(0.03);
      expect(klDivergence(points, perplexity, embedding)).toBe(kl);
      expect(iterations).toBe(1000);
    },
  );

  it("as many nearest neighbours of the same cluster as in scikit-learn's embedding", async () => {
    const same = (embedding: Float32Array) =>
      Array.from({ length: points.count }, (_, i) => nearest(embedding, i) % clusters === i % clusters);
    const share = (embedding: Float32Array) => same(embedding).filter(Boolean).length / points.count;
    const { embedding } = await embed(points);
    expect(share(embedding)).toBeGreaterThan(share(Float32Array.from(exact.embedding)) - 0.01);
  });
});

it("the same seed gives the same bytes, another seed others", async () => {
  const points = randomPoints(60, 9);
  const run = (seed: number) =>
    embed(points, { generator: generatorFromSeed(seed), init: "random", perplexity: 10 });
  const [a, b, c] = [await run(1), await run(1), await run(2)];
  expect(b).toEqual(a);
  expect(c.embedding).not.toEqual(a.embedding);
});

it("rotated points, and points in another order, go the same way", async () => {
  const points = randomPoints(121, 2);
  points.data.forEach((value, i) => {
    if (i % 2 === 0) points.data[i] = 3 * value; // so that the components are far from equal
  });
  const order = generatorFromSeed(3).permutation(points.count);
  const rotated = points.data.map((_, at) => {
    const [x, y] = [points.data[2 * order[at >> 1]!]!, points.data[2 * order[at >> 1]! + 1]!];
    return at % 2 === 0 ? 0.6 * x - 0.8 * y : 0.8 * x + 0.6 * y;
  });
  // In small steps, for a while: what rounding has made different grows with each.
  const options = { perplexity: 8, iterations: 25, learningRate: 1 };
  const { embedding: a } = await embed(points, options);
  const { embedding: b } = await embed({ ...points, data: rotated }, options);
  const scale = Math.max(...a.map(Math.abs));
  for (const axis of [0, 1]) {
    const pairs = Array.from(order, (from, to) => [a[2 * from + axis]!, b[2 * to + axis]!] as const);
    const sign = Math.sign(pairs.reduce((sum, [u, v]) => sum + u * v, 0)); // a component has no sign of its own
    for (const [u, v] of pairs) expect(Math.abs(u - sign * v)).toBeLessThan(1e-3 * scale);
  }
});

it("stops where nothing moves any more", async () => {
  const corners = { data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0), count: 4, dims: 3 };
  const { iterations, embedding } = await embed(corners, {
    perplexity: 2,
    iterations: 5000,
    learningRate: 5,
  });
  expect(iterations).toBeLessThan(5000);
  expect(embedding.every(Number.isFinite)).toBe(true);
});

it("says how far it is, and can be left at any time", async () => {
  const work = tsne(randomPoints(20, 3), { generator: generatorFromSeed(0), perplexity: 5, iterations: 35 });
  const seen = [];
  for await (const progress of work) seen.push(progress);
  expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(["0/35", "10/35", "20/35", "30/35"]);

  const left = tsne(randomPoints(20, 3), { generator: generatorFromSeed(0), perplexity: 5 });
  await left.next();
  await left.next();
  expect(await left.return(undefined as never)).toEqual({ done: true, value: undefined });
  expect((await left.next()).done).toBe(true);
});

it("lets the process hear Ctrl-C on its way", async () => {
  let done = 0;
  let heardAt = 0;
  setTimeout(() => {
    heardAt = done;
  }, 1);
  const generator = generatorFromSeed(0);
  for await (const progress of tsne(randomPoints(400, 3), { generator })) done = progress.done;
  expect(heardAt).toBeGreaterThan(0);
  expect(heardAt).toBeLessThan(done);
});

it.each(["pca", "random"] as const)(
  "copies of a point, begun by %s, stay finite and near each other",
  async (init) => {
    const points = randomPoints(40, 5);
    for (let i = 1; i < 25; i++) points.data.copyWithin(5 * i, 0, 5);
    const { embedding, klDivergence: kl } = await embed(points, { init, perplexity: 6 });
    expect(embedding.every(Number.isFinite)).toBe(true);
    expect(kl).toBeGreaterThan(0);
    for (let i = 0; i < 25; i++) expect(nearest(embedding, i)).toBeLessThan(25);
  },
);

it("points on a line do not stay on a line", async () => {
  const data = Float32Array.from({ length: 32 }, (_, i) => i);
  const { embedding } = await embed({ data, count: 32, dims: 1 }, { perplexity: 5 });
  const spread = (axis: number) => Math.max(...embedding.filter((_, i) => i % 2 === axis).map(Math.abs));
  expect(Math.min(spread(0), spread(1))).toBeGreaterThan(1);
});

describe("what it refuses", () => {
  const good = randomPoints(40, 3);
  const withValue = (value: number) => ({ ...good, data: good.data.with(76, value) });
  it.each([
    ["NaN", withValue(Number.NaN), "finite numbers, found NaN in dimension 1 of point 25"],
    ["Infinity", withValue(Number.POSITIVE_INFINITY), "found Infinity in dimension 1 of point 25"],
    ["three points", randomPoints(3, 3), "at least 4, found 3"],
    ["none", { data: new Float32Array(0), count: 0, dims: 3 }, "at least 4, found 0"],
    ["no dimensions", { data: new Float32Array(0), count: 5, dims: 0 }, "at least one dimension, found 0"],
    ["another size", { ...good, dims: 4 }, "40 x 4 = 160 numbers of float32, found 120 numbers"],
    ["another type", { ...good, data: [...good.data] as never }, "found no Float32Array"],
    [
      "one point, repeated",
      { ...good, data: good.data.fill(0.1) },
      "points that differ, found 40 times the same",
    ],
  ])("%s", async (_, points, message) => {
    await expect(embed(points)).rejects.toMatchObject({
      code: "TSNE_INVALID_POINTS",
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });

  it("10,001 points", async () => {
    await expect(embed(randomPoints(10_001, 1))).rejects.toMatchObject({
      code: "TSNE_TOO_MANY_POINTS",
      exitCode: 2,
      message: expect.stringContaining("at most 10,000, found 10001"),
    });
  });

  it.each<[keyof TsneOptions, unknown]>([
    ["perplexity", 40],
    ["perplexity", 0.5],
    ["perplexity", Number.NaN],
    ["iterations", 0],
    ["iterations", 1.5],
    ["learningRate", 0],
    ["learningRate", Number.POSITIVE_INFINITY],
    ["learningRate", 1e300],
    ["earlyExaggeration", 0.9],
    ["init", "zeros"],
  ])("%s %s", async (option, value) => {
    await expect(embed(randomPoints(40, 3), { [option]: value })).rejects.toMatchObject({
      code: "TSNE_INVALID_OPTION",
      exitCode: 2,
      message: expect.stringContaining(`Option ${option}: expected`),
    });
  });
});

it("the divergence of an embedding of another size is refused", () => {
  const points = randomPoints(40, 3);
  expect(() => klDivergence(points, 30, new Float32Array(78))).toThrow(
    "40 x 2 = 80 numbers of float32, found 78",
  );
  expect(() => klDivergence(points, 40, new Float32Array(80))).toThrow("Option perplexity: expected");
});

/** Which point of `embedding` is nearest to point i. */
function nearest(embedding: Float32Array, i: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < embedding.length / 2; j++) {
    const distance = Math.hypot(
      embedding[2 * i]! - embedding[2 * j]!,
      embedding[2 * i + 1]! - embedding[2 * j + 1]!,
    );
    if (j === i || distance >= least) continue;
    least = distance;
    best = j;
  }
  return best;
}
