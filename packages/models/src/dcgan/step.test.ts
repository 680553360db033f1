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
import { discriminatorSpecs, generatorSpecs } from "./model.ts";
import { paramsOf } from "./network.ts";
import { type DcganBatch, type DcganState, dcganStep } from "./step.ts";

interface GoldenStep {
  options: { discriminatorSteps: number; labelSmoothing: number };
  metrics: Record<string, number>;
  generator: Stepped;
  discriminator: Stepped;
  average: Told;
}
type Golden = Record<keyof Meta["sizes"], { steps: GoldenStep[] }> & { meta: Meta };

const golden = readGolden<Golden>("dcgan.json");

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("a training step computes what a loop in PyTorch does", { timeout: 300_000 }, () => {
  it.each(golden.narrow.steps.map((step) => [step.options, step] as const))("narrow, %o", (_, step) =>
    check("narrow", step),
  );

  it("at full size", () => check("full", golden.full.steps[0]!));

  async function check(width: keyof Meta["sizes"], { options, ...expected }: GoldenStep): Promise<void> {
    const { discriminatorSteps, labelSmoothing } = options;
    const size = golden.meta.sizes[width];
    const { batch, latent } = size;
    const recipe = { optimizer: adam({ beta1: 0.5, beta2: 0.999 }), learningRate: 2e-4, labelSmoothing };
    const generator = seededNetwork(generatorSpecs(size), recipe);
    const discriminator = seededNetwork(discriminatorSpecs(size), recipe);
    const batches: DcganBatch[] = Array.from({ length: discriminatorSteps }, (_, i) => ({
      real: seededInput(`real${i}`, [batch, 64, 64, 3]),
      z: seededInput(`z${i}`, [batch, latent]),
    }));
    const run = jit((state: DcganState, batches: DcganBatch[], decay: tf.Tensor) =>
      dcganStep(state, batches, decay, recipe),
    );
    const before = { generator, discriminator, average: paramsOf(generator) };
    const { state, metrics } = await run(before, batches, Float32Array.of(golden.meta.averageDecay));

    await expectMetrics({ ...metrics }, expected.metrics);
    await expectStepped(state.generator, generator, expected.generator);
    await expectStepped(state.discriminator, discriminator, expected.discriminator);
    await expectTree(state.average, expected.average);
    await run.dispose();
  }
});
