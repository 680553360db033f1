/** `pnpm train MODEL`: the recipes of this package as commands. */

import { join } from "node:path";
import { type Command, integer, number, Option, UsageError } from "@touchstone/cli";
import { composeMnistM, loadDataset, mnistDigits, mnistMBackgrounds } from "@touchstone/datasets";
import { generatorFromSeed, type Params, saveParams } from "@touchstone/nn";
import { type TrainingFlags, trainingCommand } from "@touchstone/training";
import {
  DANN_DEFAULTS,
  type DannMode,
  type DannState,
  dannTraining,
  HANDWRITING,
  HOUSE_NUMBERS,
  NO_AUGMENTATION,
  paramsOf,
} from "../dann/index.ts";
import { DCGAN_DEFAULTS, type DcganState, dcganTraining } from "../dcgan/index.ts";
import {
  BETAS_NAMES,
  type Betas,
  type DiffusionState,
  diffusionMetadata,
  diffusionTraining,
  PREDICTIONS,
  type Prediction,
} from "../diffusion/index.ts";
import { WGAN_GP_DEFAULTS, type WganGpState, wganGpTraining } from "../wgan-gp/index.ts";

interface Flags extends TrainingFlags {
  data?: string;
}

const withData = (command: Command) =>
  command.option(
    "--data <folder>",
    "data in the homework's layout (default: $TOUCHSTONE_DATA, then the cache)",
  );

interface GanFlags extends Flags {
  keep?: number;
}

const withGanOptions = (command: Command) =>
  withData(command).option(
    "--keep <n>",
    "keep the generator of every n-th epoch, in kept/",
    integer("--keep", 1),
  );

export function trainDcganCommand(): Command {
  return trainingCommand<DcganState, GanFlags>({
    name: "dcgan",
    description: "Train a DCGAN on 64 x 64 faces",
    example: "pnpm train dcgan --data data --out runs/dcgan",
    defaults: DCGAN_DEFAULTS,
    configure: withGanOptions,
    settingNames: { images: "--data" },
    build: async (flags, signal) => dcganTraining(await faces(flags, signal), ganOptions(flags)),
    save: ({ average }, flags, metadata) => saveAs("generator.safetensors", average, flags, metadata),
  });
}

interface WganGpFlags extends GanFlags {
  criticSteps?: number;
  criticLr?: number;
}

export function trainWganGpCommand(): Command {
  return trainingCommand<WganGpState, WganGpFlags>({
    name: "wgan-gp",
    description: "Train a WGAN-GP on 64 x 64 faces",
    example: "pnpm train wgan-gp --data data --out runs/wgan-gp",
    defaults: WGAN_GP_DEFAULTS,
    configure: (command) =>
      withGanOptions(command)
        .option(
          "--critic-steps <n>",
          "of the critic for each of the generator (default: 5)",
          integer("--critic-steps", 1),
        )
        .option("--critic-lr <rate>", "of the critic (default: --lr)", number("--critic-lr", 0)),
    settingNames: {
      images: "--data",
      criticSteps: "--critic-steps",
      criticLearningRate: "--critic-lr",
    },
    build: async (flags, signal) => {
      const { criticSteps, criticLr } = flags;
      return wganGpTraining(await faces(flags, signal), {
        ...ganOptions(flags),
        ...(criticSteps !== undefined && { criticSteps }),
        ...(criticLr !== undefined && { criticLearningRate: criticLr }),
      });
    },
    save: ({ average }, flags, metadata) => saveAs("generator.safetensors", average, flags, metadata),
  });
}

interface DiffusionFlags extends Flags {
  photographs?: string;
  width?: number;
  betas: Betas;
  prediction: Prediction;
}

const diffusionRecipe = ({ betas, prediction }: DiffusionFlags) => ({
  levels: 1000,
  betas,
  prediction,
  labelDropout: 0.1,
});

export function trainDiffusionCommand(): Command {
  return trainingCommand<DiffusionState, DiffusionFlags>({
    name: "diffusion",
    description: "Train a class-conditional diffusion model on MNIST-M made from MNIST and photographs",
    example: "pnpm train diffusion --photographs bsds500 --out runs/diffusion",
    defaults: { epochs: 30, batchSize: 128, learningRate: 3e-4 },
    configure: (command) =>
      withData(command)
        .option(
          "--photographs <folder>",
          "backgrounds (default: bsds500 of the data; else procedural textures)",
        )
        .option("--width <channels>", "of the first layer (default: 64); less is quicker", Number)
        .addOption(
          new Option(
            "--betas <name>",
            "how noise grows from level to level: Ho et al.'s, or Nichol and Dhariwal's",
          )
            .choices(BETAS_NAMES)
            .default("cosine"),
        )
        .addOption(
          new Option("--prediction <of>", "what the network predicts")
            .choices(PREDICTIONS)
            .default("velocity"),
        ),
    settingNames: {
      ...{ images: "--data", width: "--width", backgrounds: "--photographs" },
      ...{ betas: "--betas", prediction: "--prediction" },
    },
    async build(flags, signal) {
      const generator = generatorFromSeed(flags.seed);
      const backgrounds = await mnistMBackgrounds({
        generator: generator.split("textures"),
        signal,
        ...(flags.data === undefined ? {} : { data: flags.data }),
        ...(flags.photographs === undefined ? {} : { photographs: flags.photographs }),
      });
      const digits = await mnistDigits("train");
      const images = (epoch: number) =>
        composeMnistM(digits, backgrounds, generator.split(`backgrounds ${epoch}`));
      const training = diffusionTraining(images, {
        ...shared(flags),
        ...diffusionRecipe(flags),
        ...(flags.width === undefined ? {} : { width: flags.width }),
      });
      return { ...training, settings: { ...training.settings, backgrounds: backgrounds.name } };
    },
    save: ({ average }, flags, metadata) =>
      saveAs("diffusion.safetensors", average, flags, {
        ...metadata,
        ...diffusionMetadata(diffusionRecipe(flags)),
      }),
  });
}

interface DannFlags extends Flags {
  target: string;
  mode: string;
  augmentation?: keyof typeof AUGMENTATIONS;
}

const MODES = ["source-only", "dann", "target-trained"];
const AUGMENTATIONS = {
  none: NO_AUGMENTATION,
  handwriting: HANDWRITING,
  "house-numbers": HOUSE_NUMBERS,
};

export function trainDannCommand(): Command {
  return trainingCommand<DannState, DannFlags>({
    name: "dann",
    description: "Train a digit classifier on MNIST-M and adapt it to SVHN or USPS without their labels",
    example: "pnpm train dann --data data --target usps --out runs/dann-usps",
    defaults: DANN_DEFAULTS,
    configure: (command) =>
      withData(command)
        .requiredOption("--target <set>", "svhn or usps")
        .option("--mode <mode>", MODES.join(", "), "dann")
        .addOption(
          new Option(
            "--augmentation <name>",
            "how images are varied (default: handwriting for usps, house-numbers for svhn)",
          ).choices(Object.keys(AUGMENTATIONS)),
        ),
    async build(flags) {
      const { target, mode, data } = flags;
      if (target !== "svhn" && target !== "usps")
        throw new UsageError("--target", "svhn or usps", `"${target}"`);
      if (!MODES.includes(mode)) throw new UsageError("--mode", MODES.join(", "), `"${mode}"`);
      const generator = generatorFromSeed(flags.seed);
      const options = { generator, ...(data === undefined ? {} : { data }) };
      const source = await loadDataset("mnist-m/train", options);
      return dannTraining(source, await loadDataset(`${target}/train`, options), {
        ...shared(flags),
        mode: mode as DannMode,
        augmentation:
          AUGMENTATIONS[flags.augmentation ?? (target === "svhn" ? "house-numbers" : "handwriting")],
        evaluation: { target: await loadDataset(`${target}/val`, options) },
      });
    },
    settingNames: {
      ...{ training: "--mode", labelled: "--data", unlabelled: "--target" },
      augmentation: "--augmentation",
    },
    save: (state, flags, metadata) => saveAs("dann.safetensors", paramsOf(state, "target"), flags, metadata),
  });
}

function shared(flags: Flags) {
  const { seed, epochs, batch: batchSize, lr: learningRate, device } = flags;
  return { seed, epochs, batchSize, learningRate, engine: { device } };
}

function ganOptions(flags: GanFlags) {
  const { out, keep } = flags;
  return {
    ...shared(flags),
    previews: join(out, "previews"),
    ...(keep !== undefined && { kept: { folder: join(out, "kept"), every: keep } }),
  };
}

function faces({ data }: Flags, signal: AbortSignal) {
  return loadDataset("faces/train", { signal, ...(data === undefined ? {} : { data }) });
}

/** In float16, half the size; the state that a training goes on from stays float32. */
async function saveAs(name: string, params: Params, { out }: Flags, metadata: Record<string, string>) {
  const path = join(out, name);
  return { [path]: await saveParams(path, params, { dtype: "float16", metadata }) };
}
