import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { adam } from "@touchstone/nn";
import { beforeAll, describe, it } from "vitest";
import {
  expectMetrics,
  expectStepped,
  expectTree,
  type Meta,
  readGolden,
  type Stepped,
  type Told,
} from "../../test/gan-parity.ts";
import { seededInput, seededNetwork } from "../../test/seeded.ts";
import { generatorSpecs } from "../dcgan/model.ts";
import { paramsOf } from "../dcgan/network.ts";
import { criticSpecs } from "./model.ts";
import { type CriticBatch, type WganGpState, wganGpStep } from "./step.ts";

interface GoldenStep {
  options: { criticSteps: number; penaltyWeight: number };
  metrics: Record<string, number>;
  generator: Stepped;
  critic: Stepped;
  average: Told;
}
type Golden = Record<keyof Meta["sizes"], { steps: GoldenStep[] }> & { meta: Meta };

const golden = readGolden<Golden>("wgan-gp.json");

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("a training step computes what a loop in PyTorch does", { timeout: 300_000 }, () => {
  it.each(golden.narrow.steps.map((step) => [step.options, step] as const))("narrow, %o", (_, step) =>
    check("narrow", step),
  );

  it.skipIf(process.env.TOUCHSTONE_SLOW !== "1")("at full size (skipped without TOUCHSTONE_SLOW=1)", () =>
    check("full", golden.full.steps[0]!),
  );

  async function check(width: keyof Meta["sizes"], { options, ...expected }: GoldenStep): Promise<void> {
    const { criticSteps, penaltyWeight } = options;
    const size = golden.meta.sizes[width];
    const { batch, latent } = size;
    const recipe = { optimizer: adam({ beta1: 0, beta2: 0.9 }), learningRate: 1e-4, penaltyWeight };
    const generator = seededNetwork(generatorSpecs(size), recipe);
    const critic = seededNetwork(criticSpecs(size), recipe);
    const batches: CriticBatch[] = Array.from({ length: criticSteps }, (_, i) => ({
      real: seededInput(`real${i}`, [batch, 64, 64, 3]),
      z: seededInput(`z${i}`, [batch, latent]),
      mix: tf.div(tf.add(seededInput<tf.Tensor1D>(`mix${i}`, [batch]), 1), 2),
    }));
    const run = jit((state: WganGpState, batches: CriticBatch[], z: tf.Tensor2D, decay: tf.Tensor) =>
      wganGpStep(state, batches, z, decay, recipe),
    );
    const before = { generator, critic, average: paramsOf(generator) };
    const z = seededInput<tf.Tensor2D>("z", [batch, latent]);
    const { state, metrics } = await run(before, batches, z, Float32Array.of(golden.meta.averageDecay));

    await expectMetrics({ ...metrics }, expected.metrics);
    await expectStepped(state.generator, generator, expected.generator);
    await expectStepped(state.critic, critic, expected.critic);
    await expectTree(state.average, expected.average);
    await run.dispose();
  }
});
