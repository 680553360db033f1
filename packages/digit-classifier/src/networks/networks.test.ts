/** Both networks against PyTorch: `fixtures/golden/digit-classifier`. */

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { loadDataset } from "@touchstone/datasets";
import { jit } from "@touchstone/jit";
import { type Params, parameterCount } from "@touchstone/nn";
import { describe, expect, it } from "vitest";
import { DATA, sharedData } from "../../../nn/test/shared-data.ts";
import { openClassifier } from "../classifier.ts";
import { scoreReadings } from "../score/score.ts";
import { homework, networkOf, touchstone } from "./index.ts";

const golden = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../../fixtures/golden/digit-classifier/${name}`, import.meta.url), "utf8"),
  );

describe("the homework's", () => {
  it("has 44,674 parameters", () => expect(parameterCount(homework.specs)).toBe(44_674));

  const real = sharedData("weights/Classifier.pth");
  it.skipIf(real.absent)(`reads what PyTorch reads, image by image${real.note}`, async () => {
    const expected = golden("homework.json");
    const { images, labels, count } = await loadDataset("mnist-m/test", { data: DATA });
    const classifier = await openClassifier(real.path);
    const { digits, probabilities } = await classifier.read(images, count);
    await classifier.dispose();

    expect({ network: classifier.network.name, sha256: classifier.sha256 }).toEqual({
      network: "homework",
      sha256: expected.sha256,
    });
    const score = scoreReadings(
      Array.from(labels, (label, i) => ({
        file: String(i),
        label,
        read: { digit: digits[i]!, probability: probabilities[i]! },
      })),
    );
    expect({ count: score.count, correct: score.correct }).toEqual({
      count: expected.count,
      correct: expected.correct,
    });
    expect(score.confusion).toEqual(expected.confusion);
    for (const [i, logits] of (expected.logits as number[][]).entries()) {
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expect(probabilities[i]).toBeCloseTo(Math.exp(Math.max(...logits)) / total, 4);
    }
  });
});

describe("ours", () => {
  it("has 141,034 parameters", () => expect(parameterCount(touchstone.specs)).toBe(141_034));

  it.each([false, true])("gives PyTorch's logits and running statistics; training: %s", async (training) => {
    const expected = golden("touchstone.json");
    const x = tf.tensor4d(uniform(4 * 28 * 28 * 3, 7), [4, 28, 28, 3]);
    const forward = jit((params: Params, x: tf.Tensor4D) => {
      const { logits, buffers } = touchstone.forward(params, x, { training });
      return { logits, ...buffers } as Params;
    });
    const params = seeded();
    const found = await forward(params, x);
    close(await found.logits!.data(), expected[training ? "training" : "evaluation"]);
    if (training) {
      for (const part of ["running_mean", "running_var"]) {
        close(await found[`features.4.norm.${part}`]!.data(), expected[`features.4.norm.${part}`]);
      }
    }
    await forward.dispose();
    tf.dispose([params, x, found]);
  });
});

it("names what it looked for when a checkpoint is of another network", () => {
  const one = { dtype: "float32" as const, shape: [1], data: Float32Array.of(1) };
  expect(() => networkOf({ path: "g.pth", tensors: new Map([["net.0.weight", one]]) })).toThrow(
    "g.pth: expected the parameters of a digit classifier (features.0.conv.weight ... or conv1.weight ...), found net.0.weight.",
  );
});

/** The rule of make-golden-digits.py. */
function uniform(count: number, start: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => 2 * (((start + i) * 0.6180339887498949) % 1) - 1);
}

function seeded(): Params {
  const entries = Object.entries(touchstone.specs).map(([name, { shape }]) => {
    const count = shape.reduce((a, b) => a * b, 1);
    const u = uniform(count, name.length);
    if (shape.length === 1) {
      const one = /norm\.weight$|running_var$/.test(name) ? 1 : 0;
      return [name, tf.tensor(u.map((v) => v * 0.1 + one))];
    }
    // Drawn in PyTorch's layout, OIHW.
    const [h = 1, w = 1, channelsIn = 1, out = 1] = shape.length === 4 ? shape : [1, 1, shape[1], shape[0]];
    const scaled = u.map((v) => v * Math.sqrt(3 / (h * w * channelsIn)));
    if (shape.length === 2) return [name, tf.tensor(scaled, [...shape])];
    return [name, tf.tidy(() => tf.transpose(tf.tensor(scaled, [out, channelsIn, h, w]), [2, 3, 1, 0]))];
  });
  return Object.fromEntries(entries);
}

function close(found: ArrayLike<number>, expected: number[]): void {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value)).toBeLessThan(2e-5 * largest);
}
