import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { jit } from "@touchstone/jit";
import { loadParams, type ParamSpecs, type Params, parameterCount, readCheckpoint } from "@touchstone/nn";
import { beforeAll, describe, expect, it } from "vitest";
import {
  expectOutput,
  expectTree,
  type Forward,
  goldenPath,
  type Meta,
  readGolden,
  type Size,
} from "../../test/gan-parity.ts";
import { seededInput, seededParams } from "../../test/seeded.ts";
import { discriminate, discriminatorSpecs, generate, generatorSpecs } from "./model.ts";

interface Golden extends Record<keyof Meta["sizes"], Record<"generator" | "discriminator", Forward>> {
  meta: Meta;
  stateDicts: Record<"generator" | "discriminator", { file: string; evaluation: Forward["evaluation"] }>;
}

const golden = readGolden<Golden>("dcgan.json");
const { sizes, stateDictSize, parameters } = golden.meta;

type Run = (
  params: Params,
  x: tf.Tensor,
  options: { training: boolean },
) => { y: tf.Tensor; buffers: Params };
const NETWORKS: Record<
  "generator" | "discriminator",
  { specs: (size: Size) => ParamSpecs; input: (size: Size) => tf.Tensor; run: Run }
> = {
  generator: {
    specs: generatorSpecs,
    input: ({ batch, latent }) => seededInput("z0", [batch, latent]),
    run: (params, z, options) => {
      const { images, buffers } = generate(params, z as tf.Tensor2D, options);
      return { y: images, buffers };
    },
  },
  discriminator: {
    specs: discriminatorSpecs,
    input: ({ batch }) => seededInput("real0", [batch, 64, 64, 3]),
    run: (params, x, options) => {
      const { logits, buffers } = discriminate(params, x as tf.Tensor4D, options);
      return { y: tf.sigmoid(logits), buffers };
    },
  },
};
const NAMES = ["generator", "discriminator"] as const;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

it("has the report's numbers of parameters", () => {
  expect(parameterCount(generatorSpecs())).toBe(parameters.Generator);
  expect(parameterCount(discriminatorSpecs())).toBe(parameters.Discriminator);
});

describe.each(NAMES)("the %s computes what PyTorch does", (name) => {
  const { specs, input, run } = NETWORKS[name];

  it.each([
    ["narrow", "eager"],
    ["narrow", "compiled"],
    ["full", "compiled"],
  ] as const)("%s, %s", async (width, engine) => {
    const size = sizes[width];
    const expected = golden[width][name];
    const params = seededParams(specs(size));
    for (const mode of ["evaluation", "training"] as const) {
      const forward = (params: Params, x: tf.Tensor) => run(params, x, { training: mode === "training" });
      const compiled = jit(forward);
      const { y, buffers } = await (engine === "eager" ? forward : compiled)(params, input(size));
      await expectOutput(y, expected[mode]);
      await expectTree(buffers, mode === "training" ? expected.buffers : {});
      await compiled.dispose();
    }
  });
});

describe("PyTorch's state dicts", { timeout: 300_000 }, () => {
  it.each(NAMES)("of the %s load as they are", async (name) => {
    const { specs, input, run } = NETWORKS[name];
    const { file, evaluation } = golden.stateDicts[name];
    const params = loadParams(specs(stateDictSize), await readCheckpoint(goldenPath(file)));
    const { y } = run(params, input(stateDictSize), { training: false });
    await expectOutput(y, evaluation);
  });

  it("of another architecture are refused with all that is wrong", async () => {
    const checkpoint = await readCheckpoint(goldenPath("discriminator.pth"));
    const load = () => loadParams(generatorSpecs(stateDictSize), checkpoint);
    expect(load).toThrow(expect.objectContaining({ code: "NN_CHECKPOINT_MISMATCH" }));
    expect(load).toThrow(/net\.0\.weight: expected \[4, 16, 4, 4\], found \[2, 3, 4, 4\]/);
    expect(load).toThrow(/net\.1\.weight: expected \[16\], found no such tensor/);
  });

  const python = process.env.PYTHON || "python3";
  const hasTorch = (() => {
    try {
      return execFileSync(python, ["-c", "import torch"], { stdio: "ignore" }) === null;
    } catch {
      return false;
    }
  })();
  it.skipIf(!hasTorch)(`at full size (skipped unless PYTHON, here ${python}, has torch)`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "touchstone-gan-"));
    try {
      const file = join(folder, "generator.pth");
      execFileSync(python, [goldenPath("make-gan.py"), file]);
      const params = loadParams(generatorSpecs(), await readCheckpoint(file));
      const run = jit((z: tf.Tensor2D) => generate(params, z).images);
      const { input } = NETWORKS.generator;
      await expectOutput(await run(input(sizes.full) as tf.Tensor2D), golden.full.generator.evaluation);
      await run.dispose();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
