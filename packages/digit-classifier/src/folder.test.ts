/** Folders as they come: whole, with gaps, broken, hostile. A stand-in classifier reads the darkness of an image. */

import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { follow } from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { expect, it } from "vitest";
import { folderOf, png, temporaryFolder, zipOf } from "../../datasets/test/image-files.ts";
import type { Classifier } from "./classifier.ts";
import { renderJson, renderText } from "./commands/report.ts";
import { type FolderOptions, scoreFolder } from "./folder.ts";
import { touchstone } from "./networks/index.ts";

/** Reads a gray of 20 d as the digit d. */
const grayReader: Classifier = {
  network: touchstone,
  sha256: "0".repeat(64),
  async read(images, count) {
    const digits = Int32Array.from({ length: count }, (_, i) => Math.round(images[i * 28 * 28 * 3]! / 20));
    return { digits, probabilities: new Float32Array(count).fill(0.75), features: new Float32Array(0) };
  },
  dispose: async () => {},
};

const digit = (value: number, side = 28) => png(value * 20, side, side);

async function score(path: string, options: FolderOptions = {}) {
  const source = await openImages(path, { recursive: true });
  try {
    return await follow(scoreFolder(source, grayReader, options), { show() {}, end() {} });
  } finally {
    await source.close();
  }
}

/** `count` images of each digit, told apart by one level of gray. */
async function wholeFolder(count: number): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let d = 0; d < 10; d++) {
    for (let n = 1; n <= count; n++)
      files[`${d}_${String(n).padStart(3, "0")}.png`] = await png(d * 20 + n, 28, 28);
  }
  return files;
}

it("a whole folder, and the same as a zip", async () => {
  const files = await wholeFolder(3);
  const zip = await zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));
  for (const path of [folderOf(files), zip]) {
    const report = await score(path, { perDigit: 3 });
    expect(report.score).toMatchObject({ count: 30, correct: 30, accuracy: 1 });
    expect(report).toMatchObject({
      problems: [],
      duplicates: [],
      numbering: { missing: [], surplus: [] },
    });
  }
});

it("counts every file that should have been an image as misread, and names it", async () => {
  const folder = folderOf({
    "0_001.png": await digit(0),
    "1_001.png": await digit(7),
    "2_001.png": (await digit(2)).subarray(0, 60),
    "3_001.png": "",
    "4_001.png": "not a picture",
    "5_001.png": await digit(5, 32),
    "notes.txt": "my best run",
  });
  symlinkSync("/", join(folder, "6_001.png"));
  const { score: result, problems } = await score(folder);
  expect(result).toMatchObject({ count: 7, correct: 1 });
  expect(result.unreadable.map(({ file }) => file).sort()).toEqual([
    "2_001.png",
    "3_001.png",
    "4_001.png",
    "5_001.png",
    "6_001.png",
  ]);
  expect(result.misread).toEqual([{ file: "1_001.png", label: 1, read: { digit: 7, probability: 0.75 } }]);
  const kinds = Object.fromEntries(problems.map(({ file, kind }) => [file, kind]));
  expect(kinds).toEqual({
    "2_001.png": "truncated",
    "3_001.png": "empty",
    "4_001.png": "not-an-image",
    "5_001.png": "wrong-size",
    "6_001.png": "link",
    "notes.txt": "not-an-image",
  });
});

it("brings images to 28 x 28 only when it is asked to", async () => {
  const { score: result, problems } = await score(folderOf({ "5_001.png": await digit(5, 32) }), {
    resize: true,
  });
  expect(result).toMatchObject({ count: 1, correct: 1 });
  expect(problems).toEqual([]);
});

it("finds missing and surplus numbers, and the same image under many names", async () => {
  const files = await wholeFolder(2);
  delete files["3_002.png"];
  files["8_003.png"] = files["8_001.png"]!;
  files["9_002.png"] = files["8_001.png"]!;
  const { numbering, duplicates, score: result } = await score(folderOf(files), { perDigit: 2 });
  expect(numbering).toEqual({ missing: ["3_002"], surplus: ["8_003.png"] });
  expect(duplicates).toEqual([["8_001.png", "8_003.png", "9_002.png"]]);
  expect(result.confusion[9]![8]).toBe(1);
});

it("a broken file is there, not missing", async () => {
  const files: Record<string, Uint8Array | string> = await wholeFolder(1);
  files["3_001.png"] = "";
  expect((await score(folderOf(files), { perDigit: 1 })).numbering).toEqual({ missing: [], surplus: [] });
});

it("takes labels from a table, and names rows and files without each other", async () => {
  const folder = folderOf({ "a.png": await digit(4), "b.png": await digit(6), "c.png": await digit(1) });
  const table = join(temporaryFolder(), "labels.csv");
  writeFileSync(table, "image_name,label\na.png,4\nb.png,5\nd.png,1\n");
  const report = await score(folder, { labels: table });
  expect(report.score).toMatchObject({ count: 2, correct: 1 });
  expect(report.numbering).toBeUndefined();
  expect(
    report.problems.map(({ file, kind }) => [file.endsWith("labels.csv") ? "labels.csv" : file, kind]),
  ).toEqual([
    ["labels.csv", "unknown-file"],
    ["c.png", "no-label"],
  ]);
});

it("no file with a label: nothing is scored, and the report says so", async () => {
  const report = await score(folderOf({ "cat.png": await digit(4) }));
  expect(report.score.count).toBe(0);
  const context = { path: "out", classifier: "touchstone", sha256: "00", device: "cpu", resize: "none" };
  expect(renderText(report, context)).toContain("out: no image with a label");
  expect(JSON.parse(renderJson(report, context))).toMatchObject({ count: 0, accuracy: null });
});

it("a hostile name does not reach the terminal", async () => {
  const report = await score(folderOf({ "3_\u001b[2J.png": "x", "3_001.png": await digit(4) }));
  const context = { path: "out", classifier: "touchstone", sha256: "00", device: "cpu", resize: "none" };
  expect(renderText(report, context)).not.toContain("\u001b");
});
