/** The distance in float32 on a device against the one in float64; on WebGPU where there is an adapter. */

import { type Device, DeviceUnavailableError } from "@touchstone/jit";
import { beforeAll, describe, expect, it } from "vitest";
import { type FeatureRule, goldenFeatures } from "../../../../fixtures/golden/frechet/features.ts";
import { finished } from "../../test/golden-metrics.ts";
import { covarianceOf, type Statistics, statisticsOf as statisticsOfSamples } from "../statistics/index.ts";
import { frechetDistanceFloat32 } from "./float32.ts";
import { frechetDistance } from "./frechet-distance.ts";
import { termsOf } from "./terms.ts";

const of = (data: Float32Array, dims: number) => statisticsOfSamples({ data, dims });
const statisticsOf = (rule: FeatureRule) => of(Float32Array.from(goldenFeatures(rule)), rule.d);
const constant = (n: number, value: number, d: number) => of(new Float32Array(n * d).fill(value), d);

function asCovariance(statistics: Statistics): Statistics {
  return { ...statistics, spread: { kind: "covariance", covariance: covarianceOf(statistics) } };
}

/** Relative to tr(S1) + tr(S2) and the means: what cancels in a distance near 0. */
const TOLERANCE = 1e-6;

async function expectAgreement(a: Statistics, b: Statistics, device: Device): Promise<void> {
  const found = await finished(frechetDistanceFloat32(a, b, { device }));
  const { distance } = await frechetDistance(a, b);
  const { meanTerm, variances } = termsOf(a, b);
  const difference = Math.abs(found.distance - distance);
  expect(difference).toBeLessThanOrEqual(TOLERANCE * (meanTerm + variances[0] + variances[1]));
  expect(found.device).toBe(device);
}

const d = 48;
const set = (seed: number, n: number, halvings = 10) => statisticsOf({ seed, n, d, halvings });

const PAIRS: [string, Statistics, Statistics][] = [
  ["10 images of each side", set(1, 10), set(2, 10)],
  ["10 images and 200", set(1, 10), set(2, 200)],
  ["200 images and 10 of another scale", set(1, 200, 0), set(2, 10)],
  ["more images than features", set(1, 300), set(2, 200)],
  ["covariances of 10 and 20 images", asCovariance(set(1, 10)), asCovariance(set(2, 20))],
  ["a set and itself", set(1, 10), set(1, 10)],
  ["a set of full rank and itself", set(1, 300), set(1, 300)],
  ["two images", set(1, 2), set(2, 300)],
  ["a constant set", constant(5, 0.3, d), set(2, 300)],
  ["two constant sets", constant(5, 1, d), constant(100, 3, d)],
  ["constant sets as covariances", asCovariance(constant(5, 1, d)), asCovariance(constant(100, 3, d))],
  ["sets without a direction in common", along(0), along(1)],
  ["one feature", statisticsOf({ seed: 1, n: 9, d: 1 }), statisticsOf({ seed: 2, n: 5, d: 1 })],
  ["tiny numbers", scaled(set(1, 10), 2 ** -300), scaled(set(2, 200), 2 ** -300)],
  ["huge numbers", scaled(set(1, 10), 2 ** 300), scaled(set(2, 200), 2 ** 300)],
];

/** Two images that differ in one feature. */
function along(feature: number): Statistics {
  const data = new Float32Array(2 * d);
  data[feature] = 1;
  return of(data, d);
}

function scaled({ mean, spread, ...rest }: Statistics, scale: number): Statistics {
  const times = (values: Float64Array, by: number) => values.map((x) => x * by);
  return {
    ...rest,
    mean: times(mean, scale),
    spread:
      spread.kind === "features"
        ? { ...spread, centred: times(spread.centred, scale) }
        : { ...spread, covariance: times(spread.covariance, scale ** 2) },
  };
}

/** A software driver on a busy machine is slow to start. */
const PATIENCE_MS = 120_000;
let missing: string | undefined;

beforeAll(async () => {
  const probe = finished(frechetDistanceFloat32(set(1, 2), set(2, 2), { device: "webgpu" }));
  await probe.catch((error: Error) => {
    if (!(error instanceof DeviceUnavailableError)) throw error;
    missing = error.message;
  });
}, PATIENCE_MS);

describe.each<Device>(["cpu", "webgpu"])("%s", (device) => {
  it.for(PAIRS)("%s", async ([, a, b], context) => {
    if (device === "webgpu" && missing !== undefined) context.skip(missing);
    await expectAgreement(a, b, device);
  });
});

it("2,048 features would be too many for a test: 600, of spectra like a network's", async () => {
  const rule = (seed: number, n: number): FeatureRule => ({ seed, n, d: 600, halvings: 14 });
  await expectAgreement(statisticsOf(rule(1, 400)), statisticsOf(rule(2, 900)), "cpu");
});

describe("refused", () => {
  const plain = (...covariance: number[]): Statistics => {
    const dims = Math.sqrt(covariance.length);
    return {
      dims,
      mean: new Float64Array(dims),
      spread: { kind: "covariance", covariance: Float64Array.from(covariance) },
    };
  };

  it.each([
    ["different numbers of features", plain(1), "FID_DIMENSION_MISMATCH"],
    ["a negative eigenvalue", plain(1, 2, 2, 1), "FID_NOT_A_COVARIANCE"],
    ["NaN", plain(1, Number.NaN, Number.NaN, 1), "FID_NON_FINITE_STATISTICS"],
  ])("%s", async (_, a, code) => {
    const work = finished(frechetDistanceFloat32(a, plain(1, 0, 0, 1)));
    await expect(work).rejects.toMatchObject({ code, exitCode: 2 });
  });
});
