/** The golden values of fixtures/golden/metrics and the samples that they belong to. */

import { readFileSync } from "node:fs";
import { follow, type Progress, type ProgressRenderer, type Work } from "@touchstone/cli";
import type { Samples } from "../src/samples/index.ts";

/** count, dims, seed, scale, shift: `samples` of make-metrics.py. */
type Recipe = [number, number, number, number, number];

interface Sides {
  reference: Recipe;
  generated: Recipe;
}

interface Golden {
  kid: (Sides & {
    pairs: { reference: number[]; generated: number[] }[];
    values: number[];
    mean: number;
    std: number;
  })[];
  wholeKid: (Sides & { value: number })[];
  inceptionScore: { logits: Recipe; splits: number; order: number[]; mean: number; std: number }[];
  manifold: (Sides & {
    precisionRecallNeighbours: number;
    densityCoverageNeighbours: number;
    precision: number;
    recall: number;
    density: number;
    coverage: number;
  })[];
  student: { freedom: number; quantile: number }[];
}

const FILE = new URL("../../../fixtures/golden/metrics/metrics.json", import.meta.url);
export const golden = JSON.parse(readFileSync(FILE, "utf8")) as Golden;

export function samples([count, dims, seed, scale, shift]: Recipe): Samples {
  const data = Float32Array.from({ length: count * dims }, (_, i) => {
    let x = Math.imul(i, 0x9e3779b1) + Math.imul(seed, 0x7feb352d);
    x ^= x >>> 15;
    x = Math.imul(x, 0x85ebca77);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae3d);
    x ^= x >>> 16;
    const u = (x >>> 8) / 2 ** 24;
    return scale * (u * u * u) + shift;
  });
  return { data, count, dims };
}

/** Samples of these rows. */
export function table(...rows: number[][]): Samples {
  return { data: Float32Array.from(rows.flat()), count: rows.length, dims: rows[0]!.length };
}

/** What `work` makes; its progress goes to `seen`. */
export function finished<T>(work: Work<T>, seen: Progress[] = []): Promise<T> {
  const renderer: ProgressRenderer = { show: (progress) => seen.push(progress), end() {} };
  return follow(work, renderer);
}
