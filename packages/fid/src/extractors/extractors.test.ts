import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { follow } from "@touchstone/cli";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import type { RgbImage } from "../resize/index.ts";
import { openDigits } from "./digits.ts";
import { distanceName, INCEPTION } from "./distance-name.ts";
import { openOnnxFile } from "./onnx-file.ts";
import { openExtractor } from "./open-extractor.ts";

const model = (name: string) =>
  fileURLToPath(new URL(`../../../../fixtures/golden/extractors/${name}.onnx`, import.meta.url));

/** Every pixel of one colour. */
function plain(rgb: readonly number[], height = 4, width = 5): RgbImage {
  return { height, width, data: Uint8Array.from({ length: height * width * 3 }, (_, i) => rgb[i % 3]!) };
}

describe("an ONNX file", () => {
  it.each([
    ["pooled", "features"],
    ["pooled", "map"],
    ["single", "features"],
  ])("%s: its output %s, averaged over places where it has any", async (name, output) => {
    const extractor = await openOnnxFile(model(name), { output });
    expect(extractor.protocol).toMatchObject({
      extractor: `onnx:${name}.onnx:${output}`,
      resize: "pil-bilinear, 0..1",
      dims: 3,
    });
    const { features } = await extractor.extract([plain([255, 51, 0]), plain([0, 102, 204])]);
    const expected = [1, 0.2, 0, 0, 0.4, 0.8];
    for (const [i, value] of features.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    await extractor.dispose();
  });

  it("scales pixels to the range that is asked for, and brings images to the model's size", async () => {
    const extractor = await openOnnxFile(model("single"), { range: "-1..1" });
    const { features } = await extractor.extract([plain([255, 51, 0], 9, 7)]);
    for (const [i, value] of [1, -0.6, -1].entries()) expect(features[i]).toBeCloseTo(value, 6);
    await extractor.dispose();
  });

  it("names what is wrong with the file", async () => {
    const damaged = join(temporaryFolder(), "damaged.onnx");
    writeFileSync(damaged, "not a model");
    await expect(openOnnxFile(damaged)).rejects.toThrow(/damaged\.onnx: expected an ONNX model/);
    await expect(openOnnxFile("absent.onnx")).rejects.toThrow(/absent\.onnx: .*ENOENT/);
    await expect(openOnnxFile(model("pooled"))).rejects.toThrow(/its name in --output, found features, map/);
    await expect(openOnnxFile(model("pooled"), { output: "x" })).rejects.toThrow(/an output called x/);
  });
});

describe("the digit classifier", () => {
  it("gives the same features for an image whatever is beside it", async () => {
    const extractor = await openDigits();
    const images = [plain([10, 200, 30], 28, 28), plain([90, 20, 30], 28, 28), plain([1, 2, 3], 32, 32)];
    const { features } = await extractor.extract(images);
    const { dims } = extractor.protocol;
    const alone = await extractor.extract([images[1]!]);
    expect(features.length).toBe(3 * dims);
    expect(features.subarray(dims, 2 * dims)).toEqual(alone.features);
    expect(distanceName(extractor.protocol)).toBe("FD(digit-classifier-touchstone)");
    await extractor.dispose();
  });
});

describe("openExtractor", () => {
  const open = (options: Parameters<typeof openExtractor>[0]) =>
    follow(openExtractor(options), { show: () => {}, end: () => {} });

  it("knows its names", async () => {
    await expect(open({ extractor: "vgg" })).rejects.toMatchObject({
      code: "FID_UNKNOWN_EXTRACTOR",
      exitCode: 2,
    });
    await expect(open({ extractor: "constructor" })).rejects.toMatchObject({ code: "FID_UNKNOWN_EXTRACTOR" });
  });

  it("refuses an option of another extractor", async () => {
    await expect(open({ extractor: "digits", dims: 64 })).rejects.toThrow(
      "--dims: expected no such option with --extractor digits. It is an option of inception.",
    );
    await expect(open({ extractor: "digits", logits: true })).rejects.toThrow(
      "--metrics is: expected no such",
    );
  });
});

describe("distanceName", () => {
  it("is FID of the Inception network alone", () => {
    expect(distanceName({ extractor: INCEPTION, dims: 2048 })).toBe("FID");
    expect(distanceName({ extractor: INCEPTION, dims: 768 })).toBe("FID-768");
    expect(distanceName({ extractor: "face", dims: 2048 })).toBe("FD(face)");
    expect(distanceName(undefined)).toBe("Frechet distance");
  });
});
