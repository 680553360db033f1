/** `pnpm train digit-classifier`: trains our own classifier. */

import { join } from "node:path";
import type { Command } from "@touchstone/cli";
import { generatorFromSeed, saveParams } from "@touchstone/nn";
import { type TrainingFlags, trainingCommand } from "@touchstone/training";
import { touchstone } from "../networks/index.ts";
import { loadRecipeData } from "../training/data.ts";
import { type ClassifierState, classifierTraining, RECIPE } from "../training/recipe.ts";

interface Flags extends TrainingFlags {
  photographs?: string;
}

export function trainDigitClassifierCommand(): Command {
  return trainingCommand<ClassifierState, Flags>({
    name: "digit-classifier",
    description: "Train the classifier that scores digit images, on MNIST-M made from MNIST and photographs",
    example: "pnpm train digit-classifier --out runs/digits --photographs bsds500",
    defaults: RECIPE,
    configure: (command) =>
      command.option("--photographs <folder>", "backgrounds; without it, procedural textures"),
    async build({ epochs, batch: batchSize, lr: learningRate, seed, device, photographs }) {
      const generator = generatorFromSeed(seed);
      const data = await loadRecipeData(generator, photographs);
      const options = { epochs, batchSize, learningRate };
      return classifierTraining(data, generator, options, { device });
    },
    async save({ trained, buffers }, { out }, metadata) {
      const path = join(out, "classifier.safetensors");
      const options = { dtype: "float16" as const, metadata: { ...metadata, network: touchstone.name } };
      return { [path]: await saveParams(path, { ...trained, ...buffers }, options) };
    },
  });
}
