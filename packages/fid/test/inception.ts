/** The golden values of fixtures/golden/inception, and the weights and images that they belong to. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type HostTensor, writeSafetensors } from "@touchstone/nn";
import { expect } from "vitest";
import { uniform } from "../../nn/test/uniform.ts";
import { inceptionSpecs } from "../src/inception/network.ts";
import type { RgbImage } from "../src/resize/index.ts";

interface Thinned {
  shape: [number, number];
  every: number;
  data: number[];
}

interface Golden {
  tensorflow: Record<"64" | "192" | "768" | "2048" | "logits_unbiased", Thinned>;
  pytorch: Record<"2048", Thinned>;
  stem: Thinned;
  faces: {
    files: string[];
    tensorflow: Record<"64" | "192" | "768", Thinned>;
    pytorch: Record<"64" | "192" | "768", Thinned>;
  };
}

const FOLDER = new URL("../../../fixtures/golden/inception/", import.meta.url);
export const fixture = (name: string): string => fileURLToPath(new URL(name, FOLDER));
export const golden = JSON.parse(readFileSync(fixture("inception.json"), "utf8")) as Golden;

/** float32 against float64, relative to the largest number. */
const TOLERANCE = 1e-5;

export function expectThinned(found: ArrayLike<number>, { shape, every, data }: Thinned): void {
  expect(found.length).toBe(shape[0] * shape[1]);
  const largest = Math.max(...data.map(Math.abs));
  const errors = data.map((expected, i) => Math.abs(expected - found[i * every]!) / largest);
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** pytorch-fid's state dict, filled as make-inception.py does. */
export async function writeSeededWeights(path: string): Promise<void> {
  const tensors = new Map<string, HostTensor>();
  const put = (name: string, shape: number[], scale: number, shift: number) => {
    const data = uniform(name, size(shape)).map((u) => u * Math.fround(scale) + shift);
    tensors.set(name, { dtype: "float32", shape, data });
  };
  for (const [name, { shape }] of Object.entries(inceptionSpecs(["logits"]))) {
    if (shape.length === 2) put(name, [...shape], Math.sqrt(6 / shape[1]!), 0);
    if (shape.length !== 4) continue;
    const [h, w, channelsIn, out] = shape as [number, number, number, number];
    put(name, [out, channelsIn, h, w], Math.sqrt(6 / (channelsIn * h * w)), 0);
    const norm = name.replace("conv.weight", "bn.");
    put(`${norm}weight`, [out], 0.1, 1);
    put(`${norm}bias`, [out], 0.1, 0);
    put(`${norm}running_mean`, [out], 0.1, 0);
    put(`${norm}running_var`, [out], 0.1, 1);
  }
  await writeSafetensors(path, { tensors });
}

export function seededImages(count: number, side: number): RgbImage[] {
  const pixels = side * side * 3;
  const bytes = Uint8Array.from(uniform("images", count * pixels), (u) => Math.floor((u + 1) * 128));
  return Array.from({ length: count }, (_, i) => ({
    height: side,
    width: side,
    data: bytes.slice(i * pixels, (i + 1) * pixels),
  }));
}
