/** DANN computes what PyTorch computes (fixtures/golden/models/dann/make-dann.py, float64): each part, losses, gradients, a step. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { eager, jit } from "@touchstone/jit";
import {
  adam,
  type HostTensor,
  mapParams,
  type ParamSpecs,
  type Params,
  parameterCount,
  partition,
  readCheckpoint,
} from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import { expectOutput, expectTree, type Thinned, type Told } from "../../test/gan-parity.ts";
import { seededInput, seededParams } from "../../test/seeded.ts";
import {
  classClassifierSpecs,
  classifyDigits,
  classifyDomain,
  dannSpecs,
  digitReaderSpecs,
  domainClassifierSpecs,
  extractFeatures,
  FEATURES,
  featureExtractorSpecs,
} from "./model.ts";
import { loadDann } from "./predict.ts";
import { type Adaptation, dannStep, type Labelled } from "./step.ts";

/** Of norms and dot products, relative to the norm: float32 against float64. */
const TOLERANCE = 1e-4;
/** Of Adam's first step, which is the gradient's sign: that of a gradient near 0 is decided by rounding. */
const SIGN_TOLERANCE = 5e-3;

interface Step {
  losses: Record<string, number>;
  gradients: Told;
  change: Told;
  buffers: Told;
}
interface Golden {
  parameters: Record<"feature_extractor" | "class_classifier" | "domain_classifier", number>;
  stateDict: Record<string, number[]>;
  batch: number;
  lambda: number;
  learningRate: number;
  labels: number[];
  forward: {
    features: { evaluation: Thinned; training: Thinned; buffers: Told };
    digits: { evaluation: Thinned; training: Thinned };
    domain: { evaluation: Thinned; training: Thinned };
  };
  supervisedStep: Step;
  adaptationStep: Step;
}
const goldenPath = (file: string) =>
  fileURLToPath(new URL(`../../../../fixtures/golden/models/dann/${file}`, import.meta.url));
const golden: Golden = JSON.parse(readFileSync(goldenPath("dann.json"), "utf8"));
const { batch } = golden;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** The rule fills matrices as [in, out], and tells of them so. */
const flipped = (params: Params): Params =>
  mapParams(params, (value) => (value.rank === 2 ? tf.transpose(value) : value));

function seeded(specs: ParamSpecs): Params {
  const filled = Object.entries(specs).map(([name, spec]) => {
    return [name, spec.shape.length === 2 ? { ...spec, shape: [...spec.shape].reverse() } : spec];
  });
  return flipped(seededParams(Object.fromEntries(filled)));
}

const images = (name: string) => seededInput<tf.Tensor4D>(name, [batch, 28, 28, 3]);
const noise = () => tf.mul<tf.Tensor2D>(tf.add(seededInput("noise", [batch, FEATURES]), 1), 0.5);
const features = () => seededInput<tf.Tensor2D>("features", [batch, FEATURES]);

describe("the architecture", () => {
  it("has PyTorch's parameters", () => {
    expect(parameterCount(featureExtractorSpecs)).toBe(golden.parameters.feature_extractor);
    expect(parameterCount(classClassifierSpecs)).toBe(golden.parameters.class_classifier);
    expect(parameterCount(domainClassifierSpecs)).toBe(golden.parameters.domain_classifier);
  });

  it("loads PyTorch's state dict as it is, also without its domain classifier", () => {
    const tensors = new Map(
      Object.entries(golden.stateDict).map(([name, shape]): [string, HostTensor] => {
        const size = shape.reduce((a, b) => a * b, 1);
        if (shape.length === 0) return [name, { dtype: "int64", shape, data: new BigInt64Array(1) }];
        return [name, { dtype: "float32", shape, data: new Float32Array(size) }];
      }),
    );
    const whole = loadDann({ path: "dann.pth", tensors });
    expect(Object.keys(whole)).toEqual(Object.keys(dannSpecs));
    for (const name of tensors.keys()) if (name.startsWith("domain")) tensors.delete(name);
    const part = loadDann({ path: "dann.pth", tensors });
    expect(Object.keys(part)).toEqual(Object.keys(digitReaderSpecs));
    tf.dispose([whole, part]);
  });

  const python = process.env.PYTHON || "python3";
  const hasTorch = spawnSync(python, ["-c", "import torch"]).status === 0;
  it.skipIf(!hasTorch)(
    `reads what torch.save wrote (skipped unless PYTHON, here ${python}, has torch)`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "touchstone-dann-"));
      try {
        const file = join(folder, "dann.pth");
        execFileSync(python, [goldenPath("make-dann.py"), file]);
        const params = loadDann(await readCheckpoint(file));
        const run = jit((x: tf.Tensor4D) => extractFeatures(params, x).features);
        await expectOutput(await run(images("source")), golden.forward.features.evaluation);
        await run.dispose();
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

const slow = process.env.TOUCHSTONE_SLOW === "1";

describe.each([
  { engine: "compiled", compile: jit, trains: true },
  // TensorFlow.js's cpu backend needs minutes for the gradients of convolutions.
  { engine: "eager", compile: eager, trains: slow },
])("$engine", ({ compile, trains }) => {
  it("the feature extractor", async () => {
    const { features } = golden.forward;
    const params = seeded(featureExtractorSpecs);
    const evaluate = compile((params: Params, x: tf.Tensor4D) => extractFeatures(params, x).features);
    const train = compile((params: Params, x: tf.Tensor4D) => extractFeatures(params, x, { training: true }));
    await expectOutput(await evaluate(params, images("source")), features.evaluation);
    const trained = await train(params, images("source"));
    await expectOutput(trained.features, features.training);
    await expectTree(trained.buffers, features.buffers, TOLERANCE);
  });

  it("the class classifier", async () => {
    const params = seeded(classClassifierSpecs);
    const evaluate = compile((params: Params, x: tf.Tensor2D) => classifyDigits(params, x));
    const train = compile((params: Params, x: tf.Tensor2D, u: tf.Tensor2D) => classifyDigits(params, x, u));
    await expectOutput(await evaluate(params, features()), golden.forward.digits.evaluation);
    await expectOutput(await train(params, features(), noise()), golden.forward.digits.training);
  });

  it("the domain classifier, the same in training and in evaluation", async () => {
    const run = compile((params: Params, x: tf.Tensor2D) => classifyDomain(params, x, tf.scalar(1)));
    const found = await run(seeded(domainClassifierSpecs), features());
    await expectOutput(found, golden.forward.domain.evaluation);
    await expectOutput(found, golden.forward.domain.training);
  });

  it.skipIf(!trains).each([
    ["supervised", golden.supervisedStep, digitReaderSpecs, false],
    ["adaptation", golden.adaptationStep, dannSpecs, true],
  ] as const)(
    `a step, %s${trains ? "" : " (minutes: TOUCHSTONE_SLOW=1)"}`,
    { timeout: 600_000 },
    async (_, expected, specs, adapts) => {
      const optimizer = adam();
      const { trained, buffers } = partition(seeded(specs), specs);
      const labelled = { x: images("source"), labels: tf.tensor1d(golden.labels, "int32"), noise: noise() };
      const adaptation = adapts ? { target: images("target"), lambda: tf.scalar(golden.lambda) } : undefined;
      const run = compile(
        (trained: Params, buffers: Params, labelled: Labelled, adaptation: Adaptation | undefined) => {
          const sourceBuffers = adapts ? buffers : {};
          const before = { trained, buffers, sourceBuffers, moments: optimizer.init(trained) };
          const rate = tf.scalar(golden.learningRate);
          const { state, metrics } = dannStep(before, labelled, adaptation, rate, optimizer);
          return { state, metrics, change: mapParams(state.trained, (p, name) => tf.sub(p, trained[name]!)) };
        },
      );
      const { state, metrics, change } = await run(trained, buffers, labelled, adaptation);
      for (const [name, loss] of Object.entries(expected.losses)) {
        expect((await metrics[name]!.data())[0]).toBeCloseTo(loss, 5);
      }
      // After one step the mean is (1 - beta1) times the gradient.
      const found = mapParams(state.moments.mean, (mean) => tf.mul(mean, 10));
      await expectTree(flipped(found), expected.gradients, TOLERANCE);
      await expectTree(state.buffers, expected.buffers, TOLERANCE);
      if (adapts) await expectTree(state.sourceBuffers, golden.forward.features.buffers, TOLERANCE);
      await expectTree(flipped(change), expected.change, SIGN_TOLERANCE);
    },
  );
});
