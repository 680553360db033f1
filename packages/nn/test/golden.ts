/** Reads `fixtures/golden/nn` and compares with it: what PyTorch computed in float64. */

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../src/gradients.ts";
import type { Params } from "../src/params.ts";

export interface GoldenCase<A> {
  name: string;
  attrs: A & { int32?: string[] };
  tensors: Record<string, { shape: number[]; data: number[] }>;
}

/** float32 has 6e-8; sums of some hundred products in another order lose two digits of it. */
const TOLERANCE = 1e-5;

export function readGolden<A>(file: string): GoldenCase<A>[] {
  const url = new URL(`../../../fixtures/golden/nn/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { cases: GoldenCase<A>[] }).cases;
}

/** What of a tree is named `prefix...`, without the prefix. */
export function under<T>(tree: Record<string, T>, prefix: string): Record<string, T> {
  const chosen = Object.entries(tree).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** The tensors of a case that are named `prefix...`, without the prefix. */
export function tensorsOf<A>({ tensors, attrs }: GoldenCase<A>, prefix = ""): Params {
  const made = Object.entries(under(tensors, prefix)).map(([name, { data, shape }]) => {
    const dtype = attrs.int32?.includes(name) ? "int32" : "float32";
    return [name, tf.tensor(data, shape, dtype)];
  });
  return Object.fromEntries(made);
}

/** Equal shapes, and each element within the tolerance times the largest magnitude of its tensor. */
export async function expectTensors(found: Params, expected: GoldenCase<unknown>["tensors"]): Promise<void> {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { shape, data }] of Object.entries(expected)) {
    expect(found[name]!.shape, name).toEqual(shape);
    const largest = Math.max(...data.map(Math.abs));
    const values = await found[name]!.data();
    const wrong = data.findIndex((value, i) => !(Math.abs(values[i]! - value) <= TOLERANCE * largest));
    if (wrong >= 0) expect.fail(`${name}[${wrong}]: expected ${data[wrong]}, found ${values[wrong]}`);
  }
}

/** Runs `f`, which must be pure, on tfjs's cpu backend and compiled, and checks that no tensor is left behind. */
export async function bothWays<A extends unknown[]>(
  f: (...args: A) => Params,
  args: A,
  check: (found: Params) => Promise<void>,
): Promise<void> {
  const compiled = jit(f);
  const before = tf.memory().numTensors;
  for (const run of [() => tf.tidy(() => f(...args)), () => compiled(...(args as never))]) {
    const found = await run();
    await check(found);
    tf.dispose(found);
    expect(tf.memory().numTensors).toBe(before);
  }
  await compiled.dispose();
}

type Forward<A> = (params: Params, inputs: Params, attrs: A) => tf.Tensor | { y: tf.Tensor; buffers: Params };

/** Every case of the file: `y`, `after.<buffer>` and each `grad.<name>` of sum(y dy). Parameters are behind `layer.`. */
export function goldenLayer<A>(file: string, forward: Forward<A>): void {
  describe(`${file}, from PyTorch`, () => {
    it.each(readGolden<A>(file).map((c) => [c.name, c] as const))("%s", async (_, c) => {
      const isDerived = (name: string) => name === "y" || /^(after|grad)\./.test(name);
      const [given, expected] = [
        filtered(tensorsOf(c), (n) => !isDerived(n)),
        filtered(c.tensors, isDerived),
      ];
      const wanted = Object.keys(under(c.tensors, "grad."));

      const run = (tensors: Params): Params => {
        const { y, buffers, gradients } = valueAndGradients(
          (differentiated) => {
            const values = { ...tensors, ...differentiated };
            const found = forward(prefixed("layer.", under(values, "params.")), values, c.attrs);
            const { y, buffers } = found instanceof tf.Tensor ? { y: found, buffers: {} } : found;
            return { loss: tf.sum(tf.mul(y, tensors.dy!)), y, buffers };
          },
          filtered(tensors, (name) => wanted.includes(name)),
        );
        return { y, ...prefixed("after.", under(buffers, "layer.")), ...prefixed("grad.", gradients) };
      };
      await bothWays(run, [given], (found) => expectTensors(found, expected));
      tf.dispose(given);
    });
  });
}

export function prefixed<T>(prefix: string, tree: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [prefix + name, value]));
}

function filtered<T>(tree: Record<string, T>, isWanted: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => isWanted(name)));
}
