/** `pnpm classify` on what the homework asks for: 28 x 28 digits, so many of each. */

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeMnistM, mnistDigits, proceduralTextures } from "@touchstone/datasets";
import { generatorFromSeed } from "@touchstone/nn";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { command, temporaryFolder } from "./command.ts";

const IMAGES = "../fixtures/grading/submissions/good/images";
const PER_DIGIT = 10;
const PIXELS = 28 * 28 * 3;

/** File names and contents of a whole folder. */
const files = new Map<string, Uint8Array>();
beforeAll(async () => {
  const generator = generatorFromSeed(0);
  const { images, labels } = composeMnistM(
    await mnistDigits("test"),
    proceduralTextures(generator),
    generator,
  );
  const numbers = new Array<number>(10).fill(0);
  for (const [i, label] of labels.entries()) {
    if (numbers[label] === PER_DIGIT) continue;
    const name = `${label}_${String(++numbers[label]!).padStart(3, "0")}.png`;
    const raw = images.subarray(i * PIXELS, (i + 1) * PIXELS);
    const options = { raw: { width: 28, height: 28, channels: 3 } } as const;
    files.set(name, await sharp(raw, options).png().toBuffer());
    if (numbers.every((n) => n === PER_DIGIT)) break;
  }
});

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
});

describe("pnpm classify", () => {
  it("prints the table and exits with 0", async () => {
    const { code, stdout } = await command("classify", [folder, "--per-digit", String(PER_DIGIT)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/accuracy \d+\.\d\d % \(\d+ of 100; 95 %: /);
    expect(stdout).toMatch(/Classifier touchstone, sha256 [0-9a-f]{64}; resize: none; device cpu\n$/);
  });

  it("reads digits over textures that it never saw", async () => {
    const { code, stdout, stderr } = await command("classify", [folder, "--json"]);
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(stderr).toContain("100/100 images");
    expect(report).toMatchObject({
      metric: "digit-accuracy",
      count: 100,
      missing: [],
      surplus: [],
      problems: [],
    });
    expect(report.protocol).toMatchObject({ classifier: "touchstone", n: 100 });
    expect(report.accuracy).toBeGreaterThanOrEqual(0.9);
  });

  it("exits with 3 for a folder that is not whole, and still scores it", async () => {
    rmSync(join(folder, "4_002.png"));
    writeFileSync(join(folder, "7_003.png"), "not a picture");
    const { code, stdout } = await command("classify", [folder, "--per-digit", String(PER_DIGIT)]);
    expect(code).toBe(3);
    expect(stdout).toContain("of 99, of which 1 could not be read");
    expect(stdout).toContain("7_003.png: expected PNG, JPEG or WebP");
    expect(stdout).toContain("Missing numbers (1):\n  4_002");
  });

  it("exits with 1 below the accuracy that is asked for", async () => {
    const table = join(temporaryFolder(), "labels.csv");
    writeFileSync(table, `image_name,label\n${wrongLabels()}`);
    expect((await command("classify", [folder, "--labels", table, "--min-accuracy", "0.9"])).code).toBe(1);
  });

  it.each([
    [["no-such-folder"], "no-such-folder: expected a folder or a zip of images, found nothing there."],
    [[IMAGES, "--checkpoint", "package.json"], "package.json: found a file that begins with"],
    [[IMAGES, "--per-digit", "many"], '--per-digit: expected a whole number of at least 1, found "many"'],
  ])("exits with 2 for %j, in one line", async (args, message) => {
    const { code, stdout, stderr } = await command("classify", args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

/** Every image called by the next digit. */
function wrongLabels(): string {
  const names = Array.from({ length: 10 }, (_, d) =>
    Array.from({ length: PER_DIGIT }, (_, n) => [`${d}_${String(n + 1).padStart(3, "0")}.png`, (d + 1) % 10]),
  ).flat();
  return names.map((row) => row.join(",")).join("\n");
}
