/** Compares with what `fixtures/golden/models/gan` tells of PyTorch's outputs and trees of parameters. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { mapParams, type Params } from "@touchstone/nn";
import { expect } from "vitest";
import { uniform } from "../../nn/test/uniform.ts";
import type { Network } from "../src/dcgan/network.ts";

/** Every so many-th number of an output. */
export interface Thinned {
  shape: number[];
  every: number;
  data: number[];
}

/** name -> [norm, dot product with the seeded `probe <name>`] */
export type Told = Record<string, [number, number]>;

export interface Meta {
  averageDecay: number;
  sizes: Record<"narrow" | "full", Size>;
  stateDictSize: Size;
  parameters: Record<string, number>;
}

export interface Size {
  width: number;
  latent: number;
  batch: number;
}

export interface Forward {
  evaluation: Thinned;
  training: Thinned;
  buffers: Told;
}

/** A network after some steps. */
export interface Stepped {
  /** Adam's mean gradient. */
  mean: Told;
  /** What the steps added to the parameters. */
  change: Told;
  buffers: Told;
}

export const goldenPath = (file: string): string =>
  fileURLToPath(new URL(`../../../fixtures/golden/models/gan/${file}`, import.meta.url));

export function readGolden<T>(file: string): T {
  return JSON.parse(readFileSync(goldenPath(file), "utf8"));
}

/** float32 against float64. */
const TOLERANCE = 1e-5;
/** Of Adam's first steps, which are signs of gradients: those of the smallest gradients are up to rounding. */
const CHANGE_TOLERANCE = 3e-3;

/** Each number within the tolerance times the largest. */
export async function expectOutput(found: tf.Tensor, expected: Thinned): Promise<void> {
  expect(found.shape).toEqual(expected.shape);
  const values = (await found.data()).filter((_, i) => i % expected.every === 0);
  const largest = Math.max(...expected.data.map(Math.abs));
  const errors = expected.data.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN)) / largest);
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

/** The norm and the dot product of every tensor within `tolerance` times the norm. */
export async function expectTree(found: Params, told: Told, tolerance = TOLERANCE): Promise<void> {
  expect(Object.keys(found).sort()).toEqual(Object.keys(told).sort());
  const wrong: string[] = [];
  for (const [name, [norm, dot]] of Object.entries(told)) {
    const values = Array.from(await found[name]!.data());
    const probe = uniform(`probe ${name}`, values.length);
    const foundNorm = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
    const foundDot = values.reduce((sum, v, i) => sum + v * probe[i]!, 0);
    const error = Math.max(Math.abs(foundNorm - norm), Math.abs(foundDot - dot)) / norm;
    if (!(error < tolerance)) wrong.push(`${name}: ${error}`);
  }
  expect(wrong).toEqual([]);
}

/** Each within the tolerance, relatively. */
export async function expectMetrics(
  found: Record<string, tf.Tensor>,
  expected: Record<string, number>,
): Promise<void> {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const error = Math.abs((await found[name]!.data())[0]! / value - 1);
    expect(error, name).toBeLessThan(TOLERANCE);
  }
}

/** The network's moments, what was added to its parameters since `before`, and its running statistics. */
export async function expectStepped(network: Network, before: Network, told: Stepped): Promise<void> {
  await expectTree(network.moments.mean, told.mean);
  await expectTree(network.buffers, told.buffers);
  const change = mapParams(network.trained, (p, name) => tf.sub(p, before.trained[name]!));
  await expectTree(change, told.change, CHANGE_TOLERANCE);
}
