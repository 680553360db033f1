/** The way taken for TensorFlow's kernels gives what the other gives; run on a copy of the cpu backend that refuses as they do. */

import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expectTensors, readGolden, tensorsOf } from "../../test/golden.ts";
import { type ConvTranspose2dOptions, convTranspose2d } from "./conv-transpose2d.ts";
import { conv2d } from "./conv2d.ts";

const CONVOLUTIONS = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"];

beforeAll(async () => {
  const cpu = tf.backend() as tf.KernelBackend;
  tf.registerBackend("tensorflow", () => cpu);
  for (const kernel of tf.getKernelsForBackend("cpu")) {
    const refusing: tf.KernelFunc = (call) => {
      const { pad } = call.attrs as { pad: unknown };
      if (pad !== "same" && pad !== "valid") throw new Error(`TensorFlow knows no padding ${pad}`);
      return kernel.kernelFunc(call);
    };
    const kernelFunc = CONVOLUTIONS.includes(kernel.kernelName) ? refusing : kernel.kernelFunc;
    tf.registerKernel({ ...kernel, backendName: "tensorflow", kernelFunc });
  }
  await tf.setBackend("tensorflow");
});

afterAll(async () => {
  await tf.setBackend("cpu");
});

it.each(
  [
    ...readGolden<ConvTranspose2dOptions>("conv2d.json").map((c) => ({ ...c, layer: conv2d })),
    ...readGolden<ConvTranspose2dOptions>("conv-transpose2d.json").map((c) => ({
      ...c,
      layer: convTranspose2d,
    })),
  ].map((c) => [`${c.layer.name}, ${c.name}`, c] as const),
)("%s", async (_, { layer, ...c }) => {
  const params = tensorsOf(c, "params.");
  const { x, dy } = tensorsOf(c) as Record<string, tf.Tensor4D>;
  const scoped = (weight: tf.Tensor) => ({
    "layer.weight": weight,
    ...(params.bias ? { "layer.bias": params.bias } : {}),
  });
  const [dx, dw] = tf.grads((x, weight) =>
    tf.sum(tf.mul(layer(scoped(weight!), "layer", x as tf.Tensor4D, c.attrs), dy!)),
  )([x!, params.weight!]);
  const y = layer(scoped(params.weight!), "layer", x!, c.attrs);
  const { tensors } = c;
  await expectTensors(
    { y, "grad.x": dx!, "grad.params.weight": dw! },
    {
      y: tensors.y!,
      "grad.x": tensors["grad.x"]!,
      "grad.params.weight": tensors["grad.params.weight"]!,
    },
  );
  expect(tf.getBackend()).toBe("tensorflow");
});
