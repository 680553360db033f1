import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { expect, it } from "vitest";
import { type Batched, runBatched } from "./batches.ts";
import { NonFiniteOutputError } from "./errors.ts";

const network = (f: (pixels: tf.Tensor2D) => tf.Tensor): Batched => ({
  name: "Test",
  batch: 4,
  forward: jit((pixels: tf.Tensor) => f(tf.reshape(tf.cast(pixels, "float32"), [4, 2]))),
  inputLength: 2,
  outputLength: 1,
});

it("every image has its own output, whatever the last batch lacks", async () => {
  const sums = network((pixels) => tf.sum(pixels, 1));
  const found = await runBatched(sums, 6, (i, into) => into.set([i, 10 * i]));
  expect([...found]).toEqual([0, 11, 22, 33, 44, 55]);
  await sums.forward.dispose();
});

it("what is no number is refused, naming the image", async () => {
  const quotients = network((pixels) => tf.div(0, tf.sum(pixels, 1)));
  const running = runBatched(quotients, 6, (i, into) => into.set([i === 5 ? 0 : 1, 0]));
  await expect(running).rejects.toThrow(NonFiniteOutputError);
  await expect(running).rejects.toThrow("Test, image 5: expected finite numbers, found NaN");
  await quotients.forward.dispose();
});
