/** `pnpm fid` on two folders of digits: features of the digit classifier, which needs no download. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { composeMnistM, mnistDigits, proceduralTextures } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";

const PER_SET = 40;
const PIXELS = 28 * 28 * 3;
const sets: Record<"A" | "B", Map<string, Uint8Array>> = { A: new Map(), B: new Map() };

beforeAll(async () => {
  const generator = generatorFromSeed(0);
  const { images } = composeMnistM(await mnistDigits("test"), proceduralTextures(generator), generator);
  for (const [at, files] of Object.values(sets).entries()) {
    for (let i = 0; i < PER_SET; i++) {
      const from = (at * PER_SET + i) * PIXELS;
      const options = { raw: { width: 28, height: 28, channels: 3 } } as const;
      files.set(
        `${i}.png`,
        await sharp(images.subarray(from, from + PIXELS), options)
          .png()
          .toBuffer(),
      );
    }
  }
});

function folder(name: "A" | "B", more: Record<string, string> = {}): string {
  const path = join(temporaryFolder(), name);
  mkdirSync(path);
  for (const [file, content] of [...sets[name], ...Object.entries(more)])
    writeFileSync(join(path, file), content);
  return path;
}

const DIGITS = ["--extractor", "digits"];
const MODEL = fileURLToPath(new URL("../fixtures/golden/extractors/pooled.onnx", import.meta.url));

describe("pnpm fid", () => {
  it("prints the table, the protocol, and why to judge by KID", async () => {
    const { code, stdout } = await command("fid", [folder("A"), folder("B"), ...DIGITS]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^reference +40 {2}.*\/A$/m);
    expect(stdout).toMatch(/^FD\(digit-classifier-touchstone\) +\d/m);
    expect(stdout).toMatch(/^KID x 1000 +-?\d/m);
    expect(stdout).toContain("40 images are few");
    expect(stdout).toMatch(/weights sha256 [0-9a-f]{64}, resize pil-bilinear\nSeed 0, device cpu\n$/);
  });

  it("gives 0 for a set and itself, and the same numbers for the same seed", async () => {
    const [a, b] = [folder("A"), folder("B")];
    const metrics = ["--metrics", "fid,kid,pr,dc,copies,interval", "--json"];
    const same = JSON.parse((await command("fid", [a, a, ...DIGITS, ...metrics])).stdout);
    expect(Math.abs(same.distance.distance)).toBeLessThan(1e-6);
    expect(same.manifold).toMatchObject({ precision: 1, recall: 1 });
    expect(same.memorisation.copiedShare).toBe(1);
    const first = (await command("fid", [a, b, ...DIGITS, ...metrics])).stdout;
    expect((await command("fid", [a, b, ...DIGITS, ...metrics, "--batch-size", "7"])).stdout).toBe(first);
    expect(JSON.parse(first).distance.distance).toBeGreaterThan(0.1);
  });

  it("saves statistics that give the same distance, and refuses those of another protocol", async () => {
    const [a, b] = [folder("A"), folder("B")];
    const [ours, plain] = [join(a, "ours.npz"), join(a, "plain.npz")];
    const saved = await command("fid", [a, "--save-stats", ours, "--export-stats", plain, ...DIGITS]);
    expect(saved.code).toBe(0);
    const distance = async (reference: string) =>
      JSON.parse((await command("fid", [reference, b, ...DIGITS, "--metrics", "fid", "--json"])).stdout)
        .distance.distance;
    const direct = await distance(a);
    expect(await distance(ours)).toBe(direct);
    expect(await distance(plain)).toBeCloseTo(direct, 9);
    const unlike = await command("fid", [ours, b, "--extractor", MODEL, "--output", "map"]);
    expect(unlike.code).toBe(2);
    expect(unlike.stderr).toMatch(
      /found differences in\n {2}extractor: digit-classifier-touchstone and onnx:pooled/,
    );
  });

  it("exits with 1 above --max-distance", async () => {
    const { code, stdout } = await command("fid", [
      folder("A"),
      folder("B"),
      ...DIGITS,
      "--max-distance",
      "0.001",
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("FD(");
  });

  it("names a corrupt file before any network runs, or leaves it out and counts it", async () => {
    const [a, b] = [folder("A"), folder("B", { "torn.png": "no image" })];
    const refused = await command("fid", [a, b, ...DIGITS]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/found 1 that cannot:\n {2}torn\.png/);
    expect(refused.stderr).not.toContain("features of");
    const skipped = await command("fid", [a, b, ...DIGITS, "--skip-corrupt", "--json"]);
    const report = JSON.parse(skipped.stdout);
    expect(report.generated).toMatchObject({ n: PER_SET, skipped: [{ file: "torn.png" }] });
  });

  it.each([
    [["nowhere", "nowhere"], "nowhere: expected a folder or a zip of images"],
    [["."], "B: expected a second set, --metrics is, or --save-stats"],
    [[".", "--metrics", "is,kid"], "--metrics: expected two sets, for kid, found one"],
    [["a", "b", "--metrics", "fid,speed"], '--metrics: expected names of fid, kid, .*, found "speed"'],
    [["absent.npz", "absent.npz"], "absent.npz: expected a file of statistics"],
  ])("%j: exits with 2 and says why", async (args, message) => {
    const { code, stdout, stderr } = await command("fid", args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(message));
    expect(stderr).not.toContain("    at ");
  });
});
