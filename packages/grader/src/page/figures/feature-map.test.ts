import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dannSpecs } from "@touchstone/models";
import { generatorFromSeed, initialize, saveParams } from "@touchstone/nn";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { temporaryFolder } from "../../../../datasets/test/image-files.ts";
import { figureContext, writeNoise } from "../../../test/figure-data.ts";
import { done, smallAssignment } from "../../../test/small-grading.ts";
import { jobsOf } from "../../grade/index.ts";
import { featureMap } from "./feature-map.ts";

let data: string;
let checkpoint: string;
beforeEach(async () => {
  vi.stubEnv("TOUCHSTONE_CACHE", temporaryFolder());
  data = temporaryFolder();
  await writeNoise(join(data, "digits/mnistm/test"), { count: 24, height: 28, width: 28, labels: true });
  await writeNoise(join(data, "digits/usps/val"), { count: 20, height: 16, width: 16, labels: true });
  checkpoint = join(temporaryFolder(), "dann.safetensors");
  await saveParams(checkpoint, initialize(dannSpecs, generatorFromSeed(0)));
  return () => vi.unstubAllEnvs();
});

const [job] = jobsOf(
  smallAssignment((yaml) => yaml.replaceAll(/\.\/test-images(\.csv)?/g, "usps/val")),
  { problems: ["labels"], submission: true },
);

// Compiling takes a second of CPU time, which on a machine shared with others may be a minute.
describe("a map of features", { timeout: 300_000 }, () => {
  test("has the images of both domains with their labels, is kept, and says how it was made", async () => {
    const context = figureContext(data);
    const map = await done(featureMap({ job: job! }, checkpoint, context));
    expect(map.note).toMatch(
      /^24 images of mnist-m\/test and 20 images of usps\/val, by their 512 features; perplexity 14, KL divergence \d/,
    );
    const domains = map.points.map(({ domain }) => domain);
    expect(domains).toEqual([...Array(24).fill("mnist-m/test"), ...Array(20).fill("usps/val")]);
    expect(map.points.slice(24).map((point) => point.class)).toEqual(
      Array.from({ length: 20 }, (_, i) => String(i % 10)),
    );
    expect(map.points.map(({ image }) => image?.width)).toEqual([
      ...Array(24).fill(28),
      ...Array(20).fill(16),
    ]);
    for (const { x, y } of map.points) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);

    const [file] = readdirSync(join(context.results, "figures"));
    expect(file).toMatch(/^map-[0-9a-f]{32}\.json$/);
    expect(await done(featureMap({ job: job! }, checkpoint, context))).toEqual(map);
    expect(readdirSync(join(context.results, "figures"))).toEqual([file]);
    await saveParams(checkpoint, initialize(dannSpecs, generatorFromSeed(1)));
    const other = await done(featureMap({ job: job! }, checkpoint, context));
    expect(other.points[0]!.x).not.toBe(map.points[0]!.x);
  });

  test("an image without a label, or that is none, is no point", async () => {
    writeFileSync(join(data, "digits/usps/val/20.png"), "no image");
    writeFileSync(join(data, "digits/usps/val.csv"), "image_name,label\n3.png,7\n4.png,1\n20.png,2\n");
    const { points } = await done(featureMap({ job: job! }, checkpoint, figureContext(data)));
    expect(points.slice(24).map((point) => point.class)).toEqual(["7", "1"]);
  });

  test("without the source, the target or the weights it says what is not there", async () => {
    const context = figureContext(data);
    const map = () => done(featureMap({ job: job! }, checkpoint, context));
    writeFileSync(checkpoint, "");
    await expect(map()).rejects.toThrow("dann.safetensors");
    rmSync(join(data, "digits/usps/val.csv"));
    await expect(map()).rejects.toThrow(/usps\/val\.csv: expected a table of labels/);
    rmSync(join(data, "digits/mnistm"), { recursive: true });
    await expect(map()).rejects.toThrow(/^mnist-m\/test: expected it in/);
  });
});
