import { generatorFromSeed } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { finished } from "../../test/golden-metrics.ts";
import { frechetDistance } from "../frechet/index.ts";
import type { Samples } from "../samples/index.ts";
import type { FeatureSet } from "../sets/index.ts";
import { statisticsOf } from "../statistics/index.ts";
import { type CompareOptions, compare } from "./compare.ts";
import { METRIC_NAMES, type MetricName } from "./metrics.ts";

const DIMS = 4;

function samples(seed: number, count: number, dims = DIMS): Samples {
  return { data: generatorFromSeed(seed).normal(count * dims), count, dims };
}

function set(seed: number, count: number, more: Partial<FeatureSet> = {}): FeatureSet {
  const features = samples(seed, count);
  return { path: `set ${seed}`, statistics: statisticsOf(features), features, skipped: [], ...more };
}

const fingerprint = {
  extractor: "x",
  version: "1",
  weightsSha256: "0".repeat(64),
  resize: "none",
  dims: DIMS,
  n: 60,
  filesSha256: "0".repeat(64),
};

const run = (
  a: FeatureSet,
  b: FeatureSet,
  metrics: readonly MetricName[],
  options: Partial<CompareOptions> = {},
) => finished(compare(a, b, { metrics, generator: generatorFromSeed(0), ...options }));

const reference = set(1, 60);
const generated = set(2, 50, { logits: samples(3, 50, 10) });

describe("compare", () => {
  it("gives each metric the value that it has alone", async () => {
    const all = await run(reference, generated, METRIC_NAMES);
    expect(Object.keys(all)).toHaveLength(7); // Precision and recall come with density and coverage.
    expect(all.distance).toEqual(await frechetDistance(reference.statistics, generated.statistics));
    for (const metric of METRIC_NAMES) expect(all).toMatchObject(await run(reference, generated, [metric]));
  });

  it("in float32, in float64, or both with their difference", async () => {
    const [both, float32] = await Promise.all(
      (["both", "float32"] as const).map((precision) => run(reference, generated, ["fid"], { precision })),
    );
    const { distance } = await frechetDistance(reference.statistics, generated.statistics);
    expect(both!.distance!.distance).toBe(distance);
    expect(both!.float32).toMatchObject({ device: "cpu", distance: expect.closeTo(distance, 5) });
    expect(both!.float32!.difference).toBe(both!.float32!.distance - distance);
    expect(float32).toEqual({ float32: expect.not.objectContaining({ difference: expect.anything() }) });
  });

  it("removes the bias that few images give the distance", async () => {
    const near = set(5, 400);
    const { distance, interval, infinity } = await run(set(4, 4000), near, ["fid", "interval", "infinity"]);
    // The same distribution: the distance is all bias, of about 2 dims / n.
    expect(interval!.corrected).toBeLessThan(distance!.distance / 2);
    expect(interval!.low).toBeLessThan(interval!.high);
    expect(infinity!.limit).toBeLessThan(distance!.distance);
  });

  it("refuses unlike protocols unless it is forced", async () => {
    const a = { ...reference, fingerprint };
    const b = { ...generated, fingerprint: { ...fingerprint, resize: "clean" } };
    await expect(run(a, b, ["fid"])).rejects.toMatchObject({ code: "FID_UNLIKE_PROTOCOLS" });
    expect((await run(a, b, ["fid"], { force: true })).distance!.distance).toBeGreaterThan(0);
  });

  it("names the files of statistics that have no distance", async () => {
    const covariance = Float64Array.of(1, 2, 2, 1);
    const none: FeatureSet = {
      path: "mine.npz",
      statistics: { dims: 2, mean: new Float64Array(2), spread: { kind: "covariance", covariance } },
      skipped: [],
    };
    for (const precision of ["float64", "float32"] as const) {
      await expect(run(none, reference, ["fid"], { precision })).rejects.toThrow(
        "mine.npz and set 1: expected the same number of features, found 2 and 4",
      );
      await expect(run(none, none, ["fid"], { precision })).rejects.toThrow(
        "Covariance of mine.npz: expected a positive semi-definite matrix",
      );
    }
  });

  it("says which set knows too little for a metric", async () => {
    const { features, ...statisticsOnly } = reference;
    await expect(run(statisticsOnly, generated, ["kid"])).rejects.toMatchObject({
      code: "FID_METRIC_UNAVAILABLE",
      message:
        "Metric kid: set 1: expected images, or statistics that hold all features, found mean and covariance only.",
    });
    expect(await run(statisticsOnly, generated, ["fid", "interval"])).toHaveProperty("interval");
    await expect(run(generated, reference, ["is"])).rejects.toThrow(/Metric is: set 1/);
  });
});
