/** Which of the Frechet distances a reader is told is which, and how to judge by them. */

import { generatorFromSeed } from "@touchstone/nn";
import { expect, it } from "vitest";
import { finished } from "../../test/golden-metrics.ts";
import { compare, type Precision } from "../compare/index.ts";
import type { FeatureSet } from "../sets/index.ts";
import { statisticsOf } from "../statistics/index.ts";
import { renderJson, renderText } from "./report.ts";

const DIMS = 8;
const set = (seed: number, more: Partial<FeatureSet> = { fromImages: true }): FeatureSet => ({
  path: `set ${seed}`,
  statistics: statisticsOf({ data: generatorFromSeed(seed).normal(20 * DIMS), dims: DIMS }),
  skipped: [],
  ...more,
});

async function resultOf(precision: Precision, reference = set(1)) {
  const generated = set(2);
  const options = { metrics: ["fid"] as const, generator: generatorFromSeed(0), precision };
  return { reference, generated, comparison: await finished(compare(reference, generated, options)) };
}

const settings = { seed: 0, device: "cpu" };
const row = (text: string, name: string) =>
  text.split("\n").find((line) => line.replace(name, "").startsWith("  "));

it("both: the one in float64, and beside the one in float32 by how much it is off", async () => {
  const result = await resultOf("both");
  const text = renderText(result, settings);
  expect(row(text, "Frechet distance")).toMatch(/ \+- \de-\d+ .*in float64/);
  expect(row(text, "Frechet distance, float32 on cpu")).toMatch(/ [+-]\d(e-\d+|e\+0) .*how far off/);
  const json = JSON.parse(renderJson(result, settings));
  expect(json.float32.difference).toBe(json.float32.distance - json.distance.distance);
});

it("one alone", async () => {
  const float64 = renderText(await resultOf("float64"), settings);
  expect(float64).not.toContain("float32");
  const float32 = renderText(await resultOf("float32"), settings);
  expect(float32).not.toMatch(/float64/);
  expect(row(float32, "Frechet distance, float32 on cpu")).toContain("--precision both says how far off");
  expect(float32).toContain("20 images are few");
});

it("few images: a way to judge without their bias, in JSON as in the text, and only where there is one", async () => {
  const samples = { data: generatorFromSeed(3).normal(20 * DIMS), count: 20, dims: DIMS };
  const possible = "20 images are few: .* Ask for --metrics fid,kid: KID has no such bias\\.";
  for (const [reference, expected] of [
    [set(1), possible],
    [set(1, { features: samples }), possible],
    [set(1, {}), "20 images are few: .* KID, which has no such bias, takes .* in place of set 1\\."],
  ] as const) {
    const result = await resultOf("float64", reference);
    const [note, ...others] = JSON.parse(renderJson(result, settings)).notes;
    expect(note).toMatch(new RegExp(expected));
    expect(renderText(result, settings)).toContain([note, ...others].join("\n"));
  }
});

it("JSON has the other notes, too", async () => {
  const { notes } = JSON.parse(renderJson(await resultOf("float64"), { ...settings, force: true }));
  expect(notes).toHaveLength(3);
  expect(notes[1]).toContain("of another program");
  expect(notes[2]).toContain("--force");
});
