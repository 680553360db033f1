import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { loadParams, type Params, parameterCount, readCheckpoint, valueAndGradients } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import {
  expectMetrics,
  expectOutput,
  expectTree,
  type Forward,
  goldenPath,
  type Meta,
  readGolden,
  type Told,
} from "../../test/gan-parity.ts";
import { seededInput, seededParams } from "../../test/seeded.ts";
import { criticize, criticSpecs, gradientPenalty } from "./model.ts";

interface Golden
  extends Record<keyof Meta["sizes"], { critic: Forward; penalty: { penalty: number; gradients: Told } }> {
  meta: Meta;
  stateDicts: { critic: { file: string; evaluation: Forward["evaluation"] } };
}

const golden = readGolden<Golden>("wgan-gp.json");
const { sizes, stateDictSize, parameters } = golden.meta;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

it("has the number of parameters of PyTorch's critic", () => {
  expect(parameterCount(criticSpecs())).toBe(parameters.Critic);
});

describe("critic, penalty and its gradient are PyTorch's", () => {
  it.each(["narrow", "full"] as const)("%s", async (width) => {
    const { batch } = sizes[width];
    const { critic, penalty } = golden[width];
    const images = [batch, 64, 64, 3];
    const run = jit((params: Params, real: tf.Tensor4D, fake: tf.Tensor4D, mix: tf.Tensor1D) => ({
      scores: criticize(params, real),
      ...valueAndGradients(
        (params) => ({ loss: gradientPenalty((x) => criticize(params, x), real, fake, mix) }),
        params,
      ),
    }));
    const mix = tf.div(tf.add(seededInput<tf.Tensor1D>("mix0", [batch]), 1), 2) as tf.Tensor1D;
    const found = await run(
      seededParams(criticSpecs(sizes[width])),
      seededInput("real0", images),
      seededInput("fake", images),
      mix,
    );
    await expectOutput(found.scores, critic.evaluation);
    await expectMetrics({ penalty: found.loss }, { penalty: penalty.penalty });
    await expectTree(found.gradients, penalty.gradients);
    await run.dispose();
  });
});

it("a penalty on a critic without a slope is 1, and its gradient finite", async () => {
  const params = { w: tf.zeros([1]) };
  const x = tf.zeros([2, 64, 64, 3]) as tf.Tensor4D;
  const { loss, gradients } = valueAndGradients(
    ({ w }) => ({
      loss: gradientPenalty((x) => tf.sum(tf.mul(x, w!), [1, 2, 3]), x, x, tf.tensor1d([0, 1])),
    }),
    params,
  );
  expect((await loss.data())[0]).toBeCloseTo(1, 5);
  expect((await gradients.w!.data())[0]).toBe(0);
});

it("PyTorch's state dict loads as it is", async () => {
  const { file, evaluation } = golden.stateDicts.critic;
  const params = loadParams(criticSpecs(stateDictSize), await readCheckpoint(goldenPath(file)));
  await expectOutput(criticize(params, seededInput("real0", [stateDictSize.batch, 64, 64, 3])), evaluation);
});
