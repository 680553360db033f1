/** What is refused before any image is read, and which sets are computed. */

import { join } from "node:path";
import type { Progress } from "@touchstone/cli";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { folderOf, png, temporaryFolder } from "../../../datasets/test/image-files.ts";
import { finished } from "../../test/golden-metrics.ts";
import type * as extractors from "../extractors/index.ts";
import type { Extractor } from "../extractors/index.ts";
import type { RgbImage } from "../resize/index.ts";
import { type Statistics, statisticsOf } from "../statistics/index.ts";
import { exportStatistics, type Protocol, writeStatistics } from "../stats-file/index.ts";
import { type RunOptions, runComparison } from "./run.ts";

/** Two features of an image, its red and the square of it, and as many logits. */
const redness: Protocol = {
  extractor: "redness",
  version: "1",
  weightsSha256: "0".repeat(64),
  resize: "none",
  dims: 2,
};

const extract = async (images: readonly RgbImage[]) => {
  const values = images.map(({ data }) => data[0]! / 100).flatMap((red) => [red, red * red]);
  return { features: Float32Array.from(values), logits: Float32Array.from(values) };
};

vi.mock("../extractors/index.ts", async (original) => {
  const own = await original<typeof extractors>();
  return {
    ...own,
    async *openExtractor(options: Parameters<typeof own.openExtractor>[0]) {
      if (options.extractor !== "redness") return yield* own.openExtractor(options);
      return { protocol: redness, extract, dispose: async () => {} } satisfies Extractor;
    },
  };
});

let seen: Progress[];
beforeEach(() => {
  seen = [];
  for (const name of ["TOUCHSTONE_INCEPTION", "TOUCHSTONE_MIRROR"]) vi.stubEnv(name, "");
  for (const name of ["TOUCHSTONE_CACHE", "TORCH_HOME"]) vi.stubEnv(name, temporaryFolder());
});
afterEach(() => vi.unstubAllEnvs());

const run = (paths: string[], options: Partial<RunOptions> = {}) =>
  finished(runComparison(paths, { extractor: "redness", seed: 0, ...options }), seen);

/** Of which sets the features were computed. */
const computed = () => [
  ...new Set(seen.filter(({ label }) => label.startsWith("features of")).map(({ label }) => label)),
];

async function images(count: number): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) files[`${i}.png`] = await png((37 * i) % 251);
  return folderOf(files);
}

/** Of many more images than features: none of these are kept. */
function statistics(dims = 2): Statistics {
  return statisticsOf({ data: Float32Array.from({ length: 50 * dims * dims }, (_, i) => (i * i) % 7), dims });
}

async function saved(protocol: Partial<Protocol> = {}): Promise<string> {
  const path = join(temporaryFolder(), "saved.npz");
  const found = statistics(protocol.dims);
  await writeStatistics(path, found, { ...redness, ...protocol, n: found.n!, filesSha256: "1".repeat(64) });
  return path;
}

async function plain(dims?: number): Promise<string> {
  const path = join(temporaryFolder(), "plain.npz");
  await exportStatistics(path, statistics(dims));
  return path;
}

describe("before any image is read", () => {
  it.each<[string, () => Promise<string[]>, Partial<RunOptions>, { code: string; exitCode?: number }]>([
    [
      "features of a reference that has none",
      async () => [await plain(), await images(9)],
      { metrics: ["fid", "kid"] },
      { code: "FID_METRIC_UNAVAILABLE" },
    ],
    [
      "features of a generated set that has none",
      async () => [await images(9), await saved()],
      { metrics: ["interval"] },
      { code: "FID_METRIC_UNAVAILABLE" },
    ],
    [
      "logits of statistics",
      async () => [await images(9), await saved()],
      { metrics: ["is"] },
      { code: "FID_METRIC_UNAVAILABLE" },
    ],
    [
      "statistics of another protocol",
      async () => [await saved({ resize: "clean" }), await images(9)],
      {},
      { code: "FID_UNLIKE_PROTOCOLS" },
    ],
    [
      "another number of features, whatever the protocol",
      async () => [await plain(3), await images(9)],
      {},
      { code: "FID_DIMENSION_MISMATCH" },
    ],
    [
      "another number of features, forced",
      async () => [await images(9), await saved({ dims: 3 })],
      { force: true },
      { code: "FID_DIMENSION_MISMATCH" },
    ],
    [
      "no such extractor",
      async () => [await images(9), await images(9)],
      { extractor: "vgg" },
      { code: "FID_UNKNOWN_EXTRACTOR" },
    ],
    [
      "an option of another extractor",
      async () => [await images(9), await images(9)],
      { extractor: "digits", dims: 64 },
      { code: "FID_EXTRACTOR_OPTION" },
    ],
    [
      "features that the network has not",
      async () => [await images(9), await images(9)],
      { extractor: "inception", dims: 63 },
      { code: "FID_METRIC_OPTION" },
    ],
    [
      "no weights",
      async () => [await images(9), await images(9)],
      { extractor: "inception", offline: true },
      { code: "FID_WEIGHTS_NOT_FOUND", exitCode: 4 },
    ],
    [
      "a set that is too small for the second metric",
      async () => [await images(5), await images(9)],
      { metrics: ["pr", "dc"] },
      { code: "FID_SET_TOO_SMALL" },
    ],
  ])("%s", async (_, paths, options, expected) => {
    await expect(run(await paths(), options)).rejects.toMatchObject({ exitCode: 2, ...expected });
    expect(seen).toEqual([]);
  });

  it("files of formats that are not read are named, also where the rest is too little", async () => {
    const few = folderOf({ "0.png": await png(1), "1.bmp": "x", "2.bmp": "x" });
    await expect(run([await images(9), few])).rejects.toThrow(/found 2 that cannot:\n {2}1\.bmp/);
    await expect(run([await images(9), few], { skipCorrupt: true })).rejects.toMatchObject({
      code: "FID_SET_TOO_SMALL",
    });
  });
});

describe("as many images as the metrics' neighbours need", () => {
  it("four: precision and recall alone", async () => {
    const set = await images(4);
    const { comparison } = await run([set, set], { metrics: ["pr"] });
    expect(comparison).toEqual({ manifold: { precision: 1, recall: 1, precisionRecallNeighbours: 3 } });
  });

  it("six of the reference and two generated: density and coverage alone", async () => {
    const { comparison } = await run([await images(6), await images(2)], { metrics: ["dc"] });
    expect(Object.keys(comparison!.manifold!)).toEqual(["density", "coverage", "densityCoverageNeighbours"]);
    await expect(run([await images(5), await images(2)], { metrics: ["dc"] })).rejects.toThrow(
      "expected at least 6 images for 5 neighbours, found 5",
    );
  });
});

describe("the Inception Score", () => {
  it("is of a set alone", async () => {
    const set = await images(12);
    const result = await run([set], { metrics: ["is"] });
    expect(Object.keys(result)).toEqual(["generated", "comparison"]);
    expect(result.comparison).toEqual({ inceptionScore: expect.objectContaining({ splits: 10 }) });
    // The same beside a reference, of which nothing is computed.
    const other = await images(9);
    seen = [];
    expect((await run([other, set], { metrics: ["is"] })).comparison).toEqual(result.comparison);
    expect(computed()).toEqual([`features of ${set}`]);
  });

  it("beside a metric that takes a reference: both are computed", async () => {
    const [a, b] = [await images(3), await images(12)];
    const { comparison } = await run([a, b], { metrics: ["is", "fid"] });
    expect(Object.keys(comparison!)).toEqual(["distance", "inceptionScore"]);
    expect(computed()).toEqual([`features of ${a}`, `features of ${b}`]);
  });

  it("and the first set is computed where it is saved", async () => {
    const [a, b] = [await images(3), await images(12)];
    const onFirst = vi.fn(async () => {});
    const { reference } = await run([a, b], { metrics: ["is"], onFirst });
    expect(onFirst).toHaveBeenCalledExactlyOnceWith(reference);
    const alone = await run([b], { metrics: ["is"], onFirst });
    expect(onFirst).toHaveBeenLastCalledWith(alone.generated);
  });

  it("is alone in needing no reference", async () => {
    await expect(run([await images(12)], { metrics: ["is", "kid"] })).rejects.toMatchObject({
      code: "FID_METRIC_UNAVAILABLE",
      message: expect.stringContaining("Metric kid: "),
    });
  });
});

it("without metrics a set is a reference", async () => {
  const { reference, ...nothing } = await run([await images(3)]);
  expect(reference!.fingerprint).toMatchObject({ extractor: "redness", n: 3 });
  expect(nothing).toEqual({});
});
