import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openImages } from "@touchstone/datasets";
import { wilsonInterval } from "@touchstone/digit-classifier";
import { runComparison, writeFeatureFile, writeStatistics } from "@touchstone/fid";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { sharedData } from "../../../nn/test/shared-data.ts";
import { done, referencesOf, submissionOf } from "../../test/small-grading.ts";
import type { MetricSpec, Reference } from "../assignment/index.ts";
import type { Metric } from "../results/results.ts";
import type { Output, ScoreContext } from "./context.ts";
import { score } from "./score.ts";

const GOOD = join(submissionOf("good"), "images");
const WORSE = join(submissionOf("worse"), "images");
const PRIVATE = { given: "private" } as const;

beforeEach(() => {
  vi.stubEnv("TOUCHSTONE_CACHE", temporaryFolder());
  vi.stubEnv("TOUCHSTONE_INCEPTION", "");
  vi.stubEnv("TOUCHSTONE_DATA", "");
  vi.stubEnv("TORCH_HOME", temporaryFolder());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function imagesOf(folder: string): Promise<Extract<Output, { kind: "images" }>> {
  const images = await openImages(folder);
  return { kind: "images", images, expected: images.entries.length };
}

async function scored(specs: MetricSpec[], more: Partial<ScoreContext> = {}): Promise<Metric[]> {
  const output = more.output ?? (await imagesOf(GOOD));
  const context = { run: { wallSeconds: 4 }, references: referencesOf(), device: "cpu", seed: 3 } as const;
  const metrics = await done(score(specs, { ...context, offline: true, output, ...more }));
  return [...metrics.values()].flat();
}

const fid = (more: Partial<Extract<MetricSpec, { kind: "fid" }>> = {}): MetricSpec => ({
  ...{ kind: "fid", name: "fid", label: "FID", baselines: {}, extractor: "digits" },
  reference: { path: WORSE },
  ...more,
});
const kid = (more: Partial<Extract<MetricSpec, { kind: "kid" }>> = {}): MetricSpec => ({
  ...{ kind: "kid", name: "kid", label: "KID", baselines: {}, extractor: "digits" },
  reference: { path: WORSE },
  ...more,
});
const duplicates: MetricSpec = {
  ...{ kind: "near-duplicates", name: "near", label: "near duplicates", baselines: {}, extractor: "digits" },
  reference: { path: WORSE },
};
const digits: MetricSpec = { kind: "digit-accuracy", name: "accuracy", label: "accuracy", baselines: {} };
const faces: MetricSpec = { kind: "face-rate", name: "face_rate", label: "one face", baselines: {} };

describe("metrics of features", () => {
  it("are what pnpm fid computes of the same sets with the same seed", async () => {
    const metrics = ["fid", "kid", "copies", "interval"] as const;
    const options = { extractor: "digits", metrics, seed: 3 };
    const { comparison, reference } = await done(runComparison([WORSE, GOOD], options));
    const { distance, interval, memorisation } = comparison!;
    const [ours, oursKid, near] = await scored([fid(), kid(), duplicates]);
    expect(ours).toMatchObject({
      ...{ name: "fid", label: "FD(digit-classifier-touchstone)", n: 20, better: "lower" },
      ...{ value: distance!.distance },
      protocol: {
        resize: "pil-bilinear",
        reference: reference!.fingerprint!.filesSha256,
        referenceImages: 20,
        seed: 3,
      },
    });
    const [low, high] = ours!.interval!;
    expect(high - distance!.distance).toBeCloseTo((interval!.high - interval!.low) / 2, 9);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(oursKid).toMatchObject({ name: "kid", value: comparison!.kid!.mean });
    expect(near).toMatchObject({ unit: "share", value: memorisation!.repeatedShare });
  });

  it("also have the distances of fewer images, as pnpm fid extrapolates from them", async () => {
    const both = (first: string, second: string) => {
      const folder = temporaryFolder();
      for (const [set, from] of Object.entries({ a: first, b: second }))
        for (const name of readdirSync(from)) cpSync(join(from, name), join(folder, `${set}${name}`));
      return folder;
    };
    const [reference, generated] = [both(WORSE, WORSE), both(GOOD, WORSE)];
    const options = { extractor: "digits", metrics: ["infinity"] as const, seed: 3 };
    const { comparison } = await done(runComparison([reference, generated], options));
    const output = await imagesOf(generated);
    const [metric] = await scored([fid({ reference: { path: reference } })], { output });
    const { points } = comparison!.infinity!;
    expect(metric!.byCount).toEqual(points.map(({ n, score }) => ({ n, value: score })));
    expect(metric!.byCount!.map(({ n }) => n)).toEqual(
      [...Array(15).keys()].map((i) => Math.floor(4 + (36 * i) / 14)),
    );
    expect(metric!.byCount!.at(-1)!.value).toBeCloseTo(metric!.value!, 9);
    const [few] = await scored([fid()]);
    expect(few).not.toHaveProperty("byCount");
  });

  it("take KID's subsets from the assignment, and say so", async () => {
    const [metric] = await scored([kid({ subsets: 5, subsetSize: 10 })]);
    expect(metric).toMatchObject({ n: 20, protocol: { subsets: 5, subsetSize: 10 } });
  });

  it("come in the assignment's order, each in its own space", async () => {
    const specs = [fid({ name: "fid_b" }), digits, fid({ name: "fid" })];
    const names = (await scored(specs)).map(({ name }) => name).filter((name) => !name.startsWith("acc"));
    expect(names).toEqual(["fid_b", "fid"]);
  });

  it("are null where there is no reference; that nobody gave the private one is no fault", async () => {
    const [known, open, absent] = await scored([
      fid(),
      fid({ name: "fid_private", reference: PRIVATE }),
      fid({ name: "fid_absent", reference: { path: "./absent" } }),
    ]);
    expect(known!.value).toBeTypeOf("number");
    expect(open).toMatchObject({
      value: null,
      n: 0,
      problem: expect.stringContaining("--private-reference"),
    });
    expect(open).not.toHaveProperty("fault");
    expect(absent).toMatchObject({
      value: null,
      fault: "lasting",
      problem: expect.stringContaining("absent"),
    });
  });

  it("are null where the extractor is not to be had, and the others are computed", async () => {
    const [absent, found] = await scored([fid({ extractor: "inception" }), fid({ name: "fd_digits" })]);
    expect(absent).toMatchObject({ name: "fid", value: null, fault: "passing" });
    expect(absent!.problem).toContain("TOUCHSTONE_INCEPTION");
    expect(found!.value).toBeTypeOf("number");
  });

  const partial = sharedData("weights/inception-2015-12-05-folded-partial.safetensors");
  it.skipIf(partial.absent)(
    `with incomplete weights: no FID, and beside it FID-768 under its own name${partial.note}`,
    async () => {
      vi.stubEnv("TOUCHSTONE_INCEPTION", partial.path);
      const [few, others] = [GOOD, WORSE].map((from) => {
        const folder = temporaryFolder();
        for (const name of ["0_1.png", "1_1.png", "2_2.png"]) cpSync(join(from, name), join(folder, name));
        return folder;
      }) as [string, string];
      const space = { extractor: "inception", reference: { path: others } };
      const metrics = await scored([fid(space), kid(space)], { output: await imagesOf(few) });
      expect(metrics.map(({ name, label, fault }) => [name, label, fault])).toEqual([
        ["fid", "FID", "lasting"],
        ["fid_768", "FID-768", undefined],
        ["kid", "KID", "lasting"],
        ["kid_768", "KID, 768 features", undefined],
      ]);
      expect(metrics[1]).toMatchObject({
        value: expect.any(Number),
        protocol: { extractor: "inception-v3-fid", dims: 768 },
      });
      expect(metrics[1]).not.toHaveProperty("interval"); // Of three images there is none.
    },
  );
});

describe("references", () => {
  it("are computed once, and taken from the cache after that, to the same value", async () => {
    const folder = join(process.env.TOUCHSTONE_CACHE!, "features");
    const first = await scored([fid()]);
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(await scored([fid()])).toEqual(first);
    writeFileSync(join(folder, files[0]!), "torn");
    expect(await scored([fid()])).toEqual(first);
  });

  it("may be shipped as statistics, of the same protocol alone, for those who have no such images", async () => {
    vi.stubEnv("TOUCHSTONE_DATA", undefined);
    vi.stubEnv("TOUCHSTONE_CACHE", temporaryFolder());
    const { reference } = await done(
      runComparison([WORSE], { extractor: "digits", seed: 0, keepFeatures: true }),
    );
    const { fingerprint, statistics } = reference!;
    const shipped = temporaryFolder();
    const file = join(shipped, `faces-val-${fingerprint!.extractor}-${fingerprint!.dims}.npz`);
    const references = () => referencesOf({ shipped });
    const spec = fid({ reference: { split: "faces/val" } });
    await writeStatistics(file, statistics, fingerprint!);
    const [found] = await scored([spec], { references: references() });
    expect(found!.value).toBe((await scored([fid()]))[0]!.value);
    // A mean and a covariance have no images to compare; features, which go before them, have.
    const { dims, mean, n } = statistics;
    const covariance = new Float64Array(dims ** 2);
    await writeStatistics(
      file,
      { dims, mean, n: n!, spread: { kind: "covariance", covariance } },
      fingerprint!,
    );
    const kidSpec = kid({ reference: { split: "faces/val" } });
    const features = reference!.features!;
    const featureFile = file.replace(/npz$/, "safetensors");
    await writeFeatureFile(featureFile, { features, fingerprint: fingerprint! });
    const both = await scored([spec, kidSpec], { references: references() });
    expect(both.map(({ value }) => value)).toEqual((await scored([fid(), kid()])).map(({ value }) => value));
    rmSync(featureFile);
    expect((await scored([kidSpec], { references: references() }))[0]).toMatchObject({
      value: null,
      problem: expect.stringContaining("expected features of every image, found statistics"),
    });

    const other = { ...fingerprint!, weightsSha256: "0".repeat(64) };
    await writeStatistics(file, statistics, other);
    expect((await scored([spec], { references: references() }))[0]).toMatchObject({
      value: null,
      fault: "lasting",
      problem: expect.stringContaining("faces/val"),
    });
  });

  it("do without a cache that cannot be written", async () => {
    vi.stubEnv("TOUCHSTONE_CACHE", "/dev/null");
    expect((await scored([fid()]))[0]!.value).toBeTypeOf("number");
  });

  it("are those that were given instead, but for the private one", () => {
    const references = referencesOf({ reference: GOOD, privateReference: WORSE });
    const own: Reference = { path: "./test-images" };
    const images = references.images(own);
    expect(images).toMatch(/grading\/test-images$/);
    expect(references.labels(own)).toBe(`${images}.csv`);
    // Both are kept from a submission.
    expect(references.places(own)).toEqual([GOOD, images, `${images}.csv`]);
    expect(references.places(PRIVATE)).toEqual([WORSE]);
  });

  it("may be named by an absolute path", () => {
    expect(referencesOf({ base: "/elsewhere" }).images({ path: GOOD })).toBe(GOOD);
  });
});

describe("metrics of single images", () => {
  it("digits: 19 of 20, and those of each digit as parts", async () => {
    const [whole, ...parts] = await scored([digits]);
    const { low, high } = wilsonInterval(19, 20);
    expect(whole).toMatchObject({
      value: 0.95,
      n: 20,
      interval: [low, high],
      unit: "share",
      better: "higher",
    });
    expect(parts.map(({ value }) => value)).toEqual([1, 1, 1, 0.5, 1, 1, 1, 1, 1, 1]);
    expect(parts[3]).toMatchObject({ name: "accuracy_3", n: 2, part: { of: "accuracy", name: "3" } });
  });

  it("digits: null where the classifier's weights are not there", async () => {
    const [metric, ...others] = await scored([{ ...digits, classifier: "./Classifier.pth" }]);
    expect(metric).toMatchObject({ name: "accuracy", value: null, fault: "passing" });
    expect(metric!.problem).toMatch(/grading\/Classifier\.pth/);
    expect(others).toEqual([]);
  });

  it("faces: none on digits; images that are missing have none either", async () => {
    const output = { ...(await imagesOf(GOOD)), expected: 25 };
    expect(await scored([faces], { output })).toMatchObject([
      { name: "face_rate", value: 0, n: 25, unit: "share", better: "higher" },
    ]);
  });

  it("throughput: images by the seconds of the run", async () => {
    const speed: MetricSpec = { kind: "throughput", name: "speed", label: "images/s", baselines: {} };
    expect(await scored([speed])).toMatchObject([{ value: 20 / 4, unit: "images/s" }]);
  });
});

it("accuracy of labels: of all images, those without a label count as wrong", async () => {
  const spec: MetricSpec = { kind: "label-accuracy", name: "accuracy", label: "accuracy", baselines: {} };
  const output = {
    kind: "labels",
    given: Int32Array.of(1, 2, -1, 4, 0),
    truth: Int32Array.of(1, 2, 3, 5, 0),
  } as const;
  const { low, high } = wilsonInterval(3, 5);
  expect(await scored([spec], { output })).toMatchObject([{ value: 0.6, n: 5, interval: [low, high] }]);
});

it("ends with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(scored([fid(), digits], { signal })).rejects.toThrow("stop");
});
