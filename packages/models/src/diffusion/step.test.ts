/** What a network that always answers 0 loses: the mean square of what it should have predicted. */

import * as tf from "@tensorflow/tfjs";
import { generatorFromSeed, initialize } from "@touchstone/nn";
import { expect, it } from "vitest";
import { seededInput } from "../../test/seeded.ts";
import { diffusionLoss } from "./step.ts";
import { unetSpecs } from "./unet-specs.ts";

it.each(["noise", "velocity"] as const)(
  "the loss is the mean squared error of the %s",
  async (prediction) => {
    await tf.setBackend("cpu");
    const params = initialize(unetSpecs({ width: 4 }), generatorFromSeed(0));
    const silent = {
      ...params,
      "outc.weight": tf.zerosLike(params["outc.weight"]!),
      "outc.bias": tf.zeros([3]),
    };
    const images = seededInput<tf.Tensor4D>("images", [2, 28, 28, 3]);
    const noise = seededInput<tf.Tensor4D>("noise", [2, 28, 28, 3]);
    const [signal, sigma] = [
      [0.6, 1],
      [0.8, 0],
    ] as const;
    const batch = {
      ...{ images, noise, times: tf.tensor1d([400, 0]), labels: tf.tensor1d([3, -1], "int32") },
      ...{ signal: tf.tensor1d([...signal]), sigma: tf.tensor1d([...sigma]) },
    };
    const [loss] = await diffusionLoss(silent, batch, prediction).data();
    const [x, e] = [await images.data(), await noise.data()];
    const targets = Array.from(e, (n, i) => {
      const b = i < x.length / 2 ? 0 : 1;
      return prediction === "noise" ? n : signal[b] * n - sigma[b] * x[i]!;
    });
    const expected = targets.reduce((sum, value) => sum + value ** 2, 0) / targets.length;
    expect(loss! / expected).toBeCloseTo(1, 5);
  },
);
