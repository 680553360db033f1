/** Every engine that is present gives what tfjs's `cpu` backend gives: training steps of small networks. */

import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import {
  attention,
  DeviceUnavailableError,
  type EagerBackend,
  eager,
  gelu,
  jit,
  normalize,
} from "../src/index.ts";
import { expectClose } from "./agreement.ts";

type Step = (x: tf.Tensor4D, w: tf.Tensor4D, v: tf.Tensor4D) => tf.Tensor[];

const gradientsOf = (loss: (x: tf.Tensor4D, w: tf.Tensor4D, v: tf.Tensor4D) => tf.Tensor): Step => {
  return (x, w, v) => {
    const { value, grads } = tf.valueAndGrads(
      (w, v) => loss(x, w as tf.Tensor4D, v as tf.Tensor4D) as tf.Scalar,
    )([w, v]);
    return [value, ...grads];
  };
};

const STEPS: Record<string, Step> = {
  "strided convolution, leaky ReLU, transposed convolution": gradientsOf((x, w, v) => {
    const hidden = tf.leakyRelu(tf.conv2d(x, w, 2, "same"), 0.2); // [2, 4, 4, 5]
    const shape: [number, number, number, number] = [2, 8, 8, 3];
    return tf.mean(tf.square(tf.sub(tf.tanh(tf.conv2dTranspose(hidden, v, shape, 2, "same")), x)));
  }),
  "batch statistics, softmax": gradientsOf((x, w, v) => {
    const y = tf.conv2d(x, tf.add(w, v), 1, "valid");
    const centred = tf.sub(y, tf.mean(y, [0, 1, 2], true));
    const normed = tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), [0, 1, 2], true), 1e-5)));
    return tf.neg(tf.mean(tf.log(tf.slice(tf.softmax(normed), [0, 0, 0, 1], [-1, -1, -1, 1]))));
  }),
  "pooling, concatenation, matrix product": gradientsOf((x, w, v) => {
    const a = tf.maxPool(tf.conv2d(x, w, 1, "same"), 2, 2, "valid"); // [2, 4, 4, 5]
    const b = tf.avgPool(tf.conv2d(x, v, 1, "same"), 2, 2, "valid"); // [2, 4, 4, 5]
    const rows = tf.reshape(tf.concat([a, b], 3), [2, -1]) as tf.Tensor2D;
    return tf.sum(tf.square(tf.matMul(rows, rows, false, true)));
  }),
  "normalisation, attention, GELU": gradientsOf((x, w, v) => {
    const map = tf.conv2d(x, w, 2, "same"); // [2, 4, 4, 5]
    const [gamma, beta] = [tf.sum(v, [0, 1, 2]), tf.mean(v, [0, 1, 2])] as [tf.Tensor1D, tf.Tensor1D];
    const image = normalize(map, gamma, beta, [0, 1, 2], 0.1);
    const tokens = normalize(tf.reshape(image, [2, 1, 16, 5]), gamma, beta, [3], 0.1);
    const mixed = attention(tokens, tokens, tf.mul(tokens, tokens), 0.5); // [2, 1, 16, 5]
    return tf.mean(
      tf.mul(gelu(mixed), tf.reshape(normalize(image, gamma, beta, [1, 2, 3], 0.1), mixed.shape)),
    );
  }),
};

const random = (shape: [number, number, number, number], salt: number): tf.Tensor4D => {
  const size = shape[0] * shape[1] * shape[2] * shape[3];
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * i + salt)),
    shape,
  ) as tf.Tensor4D;
};
const inputs: [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D] = [
  random([2, 8, 8, 3], 1),
  random([4, 4, 3, 5], 2),
  random([4, 4, 3, 5], 3),
];

/** float32 sums of a few hundred products, relative to the largest element. */
const TOLERANCE = 2e-5;

async function compare(name: string, run: (...xs: typeof inputs) => Promise<tf.Tensor[]>): Promise<void> {
  const want = tf.tidy(() => STEPS[name]!(...inputs));
  const got = await run(...inputs);
  for (const [i, tensor] of want.entries()) {
    expectClose(await got[i]!.data(), tensor.dataSync(), TOLERANCE, `${name}, result ${i}`);
  }
}

/** Skips visibly where the engine is not on this machine. */
async function orSkip(context: { skip(note: string): never }, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof DeviceUnavailableError) context.skip(error.message);
    throw error;
  }
}

describe.each(Object.keys(STEPS))("%s", (name) => {
  it.for(["wasm", "webgpu", "tensorflow", "tensorflow-gpu"] as EagerBackend[])(
    "eager %s",
    (backend, context) => orSkip(context, () => compare(name, eager(STEPS[name]!, { backend }))),
  );

  it.for(["cpu", "webgpu", "cuda"] as const)("compiled for %s", (device, context) =>
    orSkip(context, () => compare(name, jit(STEPS[name]!, { device }))),
  );
});

describe("eager", () => {
  it("leaves tfjs's current backend alone and no tensors behind", async () => {
    const f = eager((x: tf.Tensor) => tf.add(tf.square(x), 1), { backend: "wasm" });
    const before = tf.memory().numTensors;
    const out = await f(tf.tidy(() => Float32Array.of(1, 2)));
    expect(Array.from(await out.data())).toEqual([2, 5]);
    out.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe("cpu");
  });

  it("takes what a compiled function returns, and the other way round", async () => {
    const double = (x: tf.Tensor): tf.Tensor => tf.mul(x, 2);
    const compiled = jit(double);
    const direct = eager(double, { backend: "wasm" });
    const out = await compiled(await direct(await compiled(Float32Array.of(1, 2))));
    expect(Array.from(await out.data())).toEqual([8, 16]);
  });

  it("names what is missing and how to add it", async () => {
    const f = eager((x: tf.Tensor) => x, { backend: "nothing" as EagerBackend });
    await expect(f(tf.scalar(1))).rejects.toMatchObject({
      code: "JIT_NO_DEVICE",
      message: expect.stringContaining("Choose one of cpu, wasm"),
    });
  });
});
