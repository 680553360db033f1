import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { follow, type Work } from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { describe, expect, it } from "vitest";
import { folderOf, png, zipOf } from "../../../datasets/test/image-files.ts";
import type { Extractor } from "../extractors/extractor.ts";
import type { RgbImage } from "../resize/index.ts";
import { computeStatistics, emptyStatistics, updateStatistics } from "../statistics/index.ts";
import { writeStatistics } from "../stats-file/index.ts";
import { type CheckOptions, checkImages } from "./check-images.ts";
import { readFeatureFile, writeFeatureFile } from "./feature-file.ts";
import { extractFeatures } from "./feature-set.ts";
import { openSet } from "./open-set.ts";

const quietly = <T>(work: Work<T>) => follow(work, { show: () => {}, end: () => {} });

async function check(path: string, options: CheckOptions = {}) {
  return quietly(checkImages(await openImages(path), options));
}

/** `count` images of one colour each, called in order. */
async function images(count: number): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) files[`${i}.png`] = await png(10 * i);
  return files;
}

/** The first pixel's red and its square, and the image's number in the extractor's life. */
function redness(batches: number[] = []): Extractor {
  return {
    protocol: { extractor: "redness", version: "1", weightsSha256: "0".repeat(64), resize: "none", dims: 2 },
    async extract(batch: readonly RgbImage[]) {
      batches.push(batch.length);
      const reds = batch.map(({ data }) => data[0]! / 100);
      return { features: Float32Array.from(reds.flatMap((red) => [red, red * red])) };
    },
    async dispose() {},
  };
}

describe("checkImages", () => {
  it("finds every image in natural order, and hashes what is in the files", async () => {
    const a = await check(folderOf(await images(11)));
    expect(a.order.map((i) => a.source.entries[i]!.name).at(-1)).toBe("10.png");
    const renamed = Object.fromEntries(
      Object.entries(await images(11)).map(([name, file]) => [`x${name}`, file]),
    );
    expect((await check(folderOf(renamed))).filesSha256).toBe(a.filesSha256);
    expect((await check(folderOf(await images(10)))).filesSha256).not.toBe(a.filesSha256);
    const zipped = Object.entries(await images(11)).map(([name, content]) => ({ name, content }));
    expect((await check(await zipOf(zipped))).filesSha256).toBe(a.filesSha256);
  });

  it("names every file that cannot be read", async () => {
    const whole = await png(1);
    const folder = folderOf({
      ...(await images(3)),
      "cut.png": whole.subarray(0, 40),
      "empty.png": "",
      "notes.txt": "x",
    });
    await expect(check(folder)).rejects.toMatchObject({
      code: "FID_CORRUPT_IMAGES",
      exitCode: 2,
      message: expect.stringMatching(
        /found 2 that cannot(.|\n)*empty\.png(.|\n)*cut\.png(.|\n)*--skip-corrupt/,
      ),
    });
    const { order, skipped } = await check(folder, { skipCorrupt: true });
    expect(order.length).toBe(3);
    expect(skipped.map(({ file }) => file).sort()).toEqual(["cut.png", "empty.png"]);
  });

  it("names images of formats that are not read, in a folder and in a zip; other files are none", async () => {
    const files = { ...(await images(3)), "3.bmp": "x", "4.ppm": "x", "README.txt": "x", "labels.csv": "x" };
    const packed = await zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));
    for (const path of [folderOf(files), packed]) {
      await expect(check(path)).rejects.toMatchObject({
        code: "FID_CORRUPT_IMAGES",
        message: expect.stringMatching(
          /found 2 that cannot:\n {2}3\.bmp: .*\.png, \.jpg, \.jpeg or \.webp.* convert it\n {2}4\.ppm: .*\nMend/,
        ),
      });
      const { order, skipped } = await check(path, { skipCorrupt: true });
      expect(order.length).toBe(3);
      expect(skipped.map(({ file, kind }) => [file, kind])).toEqual([
        ["3.bmp", "other-format"],
        ["4.ppm", "other-format"],
      ]);
    }
  });

  it("refuses several sizes unless they are wanted, and shows what they are", async () => {
    const folder = folderOf({ ...(await images(3)), "wide.png": await png(1, 9, 2) });
    await expect(check(folder)).rejects.toMatchObject({
      code: "FID_MIXED_SIZES",
      message: expect.stringMatching(/found 2 sizes(.|\n)*3 x 2: 3 \(0\.png\)(.|\n)*9 x 2: 1 \(wide\.png\)/),
    });
    expect((await check(folder, { mixedSizes: true })).order.length).toBe(4);
  });

  it("refuses fewer images than the metrics need", async () => {
    const folder = folderOf(await images(3));
    await expect(check(folder, { atLeast: [4, "for 3 neighbours"] })).rejects.toMatchObject({
      code: "FID_SET_TOO_SMALL",
      message: expect.stringContaining("at least 4 images for 3 neighbours, found 3"),
    });
  });

  it("takes the first images by name when there is a limit", async () => {
    const { order, source } = await check(folderOf(await images(12)), { limit: 3 });
    expect(order.map((i) => source.entries[i]!.name)).toEqual(["0.png", "1.png", "2.png"]);
  });

  it("stops when it is told to", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(check(folderOf(await images(3)), { signal })).rejects.toThrow("stop");
  });
});

describe("extractFeatures", () => {
  it("gives the same statistics for any batch size, and the features where they are wanted", async () => {
    const checked = await check(folderOf(await images(7)));
    const batches: number[] = [];
    const set = await quietly(
      extractFeatures(checked, redness(batches), { batchSize: 3, keepFeatures: true }),
    );
    const one = await quietly(extractFeatures(checked, redness(), { batchSize: 1 }));
    expect(batches).toEqual([3, 3, 1]);
    expect(one.statistics).toEqual(set.statistics);
    expect(one.features).toBeUndefined();
    expect(set.features!.count).toBe(7);
    expect(set.features!.data[2 * 3]).toBeCloseTo(0.3, 6);
    expect(set.names).toEqual(["0.png", "1.png", "2.png", "3.png", "4.png", "5.png", "6.png"]);
    expect(set.fingerprint).toMatchObject({ extractor: "redness", n: 7, filesSha256: checked.filesSha256 });
    expect(set.statistics.mean[0]).toBeCloseTo(0.3, 6);
  });

  it("says which file went bad after the check", async () => {
    const folder = folderOf(await images(4));
    const checked = await check(folder);
    writeFileSync(join(folder, "2.png"), "no longer an image");
    await expect(quietly(extractFeatures(checked, redness()))).rejects.toThrow("2.png");
  });

  it("says of which file the features are not finite", async () => {
    const extractor = redness();
    const broken: Extractor = {
      ...extractor,
      async extract(batch) {
        const { features } = await extractor.extract(batch);
        return { features: features.map((x) => (x > 0.25 ? Number.NaN : x)) };
      },
    };
    const checked = await check(folderOf(await images(4)));
    await expect(quietly(extractFeatures(checked, broken, { batchSize: 2 }))).rejects.toMatchObject({
      code: "FID_NON_FINITE_FEATURE",
      message: expect.stringMatching(/: 3\.png, feature 0 .* found NaN/),
    });
  });

  it("passes on what the extractor throws, after all its batches have ended", async () => {
    const failing: Extractor = {
      ...redness(),
      extract: async () => {
        throw new Error("no memory");
      },
    };
    const checked = await check(folderOf(await images(4)));
    await expect(quietly(extractFeatures(checked, failing, { batchSize: 1 }))).rejects.toThrow("no memory");
  });
});

describe("openSet", () => {
  it("reads features back from statistics that hold them", async () => {
    const state = emptyStatistics(3);
    const rows = Float32Array.of(1, 2, 3, 4, 5, 7);
    updateStatistics(state, rows);
    const path = join(folderOf({}), "two.npz");
    const fingerprint = { ...redness().protocol, dims: 3, n: 2, filesSha256: "1".repeat(64) };
    await writeStatistics(path, computeStatistics(state), fingerprint);
    const opened = await openSet(path);
    if (opened.kind !== "features") throw new Error("expected statistics");
    const { set } = opened;
    expect(Array.from(set.features!.data)).toEqual(Array.from(rows));
    expect(set.fingerprint).toEqual(fingerprint);
  });

  it("reads a file of features back, of more images than features", async () => {
    const checked = await check(folderOf(await images(7)));
    const set = await quietly(extractFeatures(checked, redness(), { keepFeatures: true }));
    const path = join(folderOf({}), "seven.safetensors");
    const { features, fingerprint, names } = set;
    await writeFeatureFile(path, { features: features!, fingerprint: fingerprint!, names: names! });
    const { fromImages, ...rest } = set;
    expect(await openSet(path)).toEqual({ kind: "features", set: { ...rest, path } });

    await writeFeatureFile(path, { features: features!, fingerprint: fingerprint!, dtype: "float16" });
    const halved = await readFeatureFile(path);
    expect(halved.names).toBeUndefined();
    halved.features.data.forEach((x, i) => {
      const exact = features!.data[i]!;
      expect(Math.abs(x - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -11);
    });

    const wrong = { ...fingerprint!, n: 8 };
    await writeFeatureFile(path, { features: features!, fingerprint: wrong });
    await expect(readFeatureFile(path)).rejects.toThrow(
      "expected 8 x 2 features, as their fingerprint says, found 7 x 2",
    );
  });

  it.each([
    [[1, 2], [1, 2], "features of at least 2 images, up to 16384 of each, found 1 x 2"],
    [[1, 2, Number.NaN, 4], [2, 2], "finite features, found NaN in row 1, column 0"],
  ])("refuses features %j", async (values, [count, dims], expected) => {
    const path = join(folderOf({}), "bad.safetensors");
    const fingerprint = { ...redness().protocol, n: count!, filesSha256: "1".repeat(64) };
    const features = { data: Float32Array.from(values), count: count!, dims: dims! };
    await writeFeatureFile(path, { features, fingerprint });
    await expect(readFeatureFile(path)).rejects.toMatchObject({
      code: "FID_INVALID_STATISTICS",
      message: expect.stringContaining(`${path}: expected ${expected}`),
    });
  });

  it("says what is missing", async () => {
    await expect(openSet("nowhere.npz")).rejects.toMatchObject({ code: "FID_UNREADABLE_STATISTICS" });
    await expect(openSet("nowhere")).rejects.toMatchObject({ exitCode: 2 });
  });
});
