/** `pnpm sample MODEL`: images from a trained model, as the homework wants them. */

import { join } from "node:path";
import {
  Command,
  type DeviceName,
  deviceOption,
  ExitCode,
  follow,
  integer,
  interruptible,
  number,
  progressRenderer,
} from "@touchstone/cli";
import { type Checkpoint, loadParams, type ParamSpecs, readCheckpoint } from "@touchstone/nn";
import { faceName, generatorSpecs, sampleDcgan } from "../dcgan/index.ts";
import {
  digitNames,
  GUIDANCE,
  loadDiffusion,
  reverseProcess,
  type SamplerName,
  sampleDigits,
  samplingGuidance,
  samplingSteps,
} from "../diffusion/index.ts";
import { missingImages, type Origin, type Sampling, saveImage, saveImages } from "../images/index.ts";
import { checkpointFile } from "./shipped.ts";

interface Flags {
  out: string;
  checkpoint?: string;
  seed: number;
  device: DeviceName;
}

interface FaceFlags extends Flags {
  count: number;
}

interface DigitFlags extends Flags {
  perDigit: number;
  digit?: number;
  steps?: number;
  sampler: SamplerName;
  guidance?: number;
  eta?: number;
  strip?: number;
}

const HELP = `Ctrl-C keeps the images that are made; the same command goes on with the others, to the same bytes. Each image says in a
text chunk of its PNG what it was made with: a folder with images of another checkpoint or other options is refused.`;

export function sampleCommand(): Command {
  return new Command("sample")
    .description("Write images of a trained model")
    .addCommand(faceCommand("dcgan"))
    .addCommand(faceCommand("wgan-gp"))
    .addCommand(digitCommand());
}

function common(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .requiredOption("--out <folder>", "where the images are written")
    .option(
      "--checkpoint <file>",
      "safetensors, or a PyTorch state dict of the same architecture (default: those that come with this repository)",
    )
    .option("--seed <n>", "image i is a function of the seed and i", integer("--seed"), 0)
    .addOption(deviceOption());
}

/** Both GANs have the same generator. */
function faceCommand(name: "dcgan" | "wgan-gp"): Command {
  return common(name, "Faces, 64 x 64: 00000.png, 00001.png, ...")
    .option("--count <n>", "images", integer("--count", 1), 1000)
    .addHelpText(
      "after",
      `\nExample:\n  pnpm sample ${name} --checkpoint runs/${name}/generator.safetensors --out out\n\n${HELP}`,
    )
    .action((flags: FaceFlags) => interruptible((signal) => sampleFaces(name, flags, signal)));
}

async function sampleFaces(model: string, flags: FaceFlags, signal: AbortSignal): Promise<void> {
  const { out, seed, count, device } = flags;
  const checkpoint = await readCheckpoint(checkpointFile(flags.checkpoint, model, `pnpm train ${model}`));
  const params = loadParams(generatorSpecsOf(checkpoint), checkpoint);
  await fill(out, {
    names: Array.from({ length: count }, (_, i) => faceName(i)),
    origin: { model, checkpoint: checkpoint.sha256, seed, device },
    sample: (isWanted) => sampleDcgan(params, { count, seed, isWanted, engine: { device } }),
    signal,
  });
}

function digitCommand(): Command {
  return common("diffusion", "Digits, 28 x 28: 0_001.png ... 9_100.png")
    .option("--per-digit <n>", "images of each digit", integer("--per-digit", 1), 100)
    .option("--digit <d>", "only this digit", integer("--digit", 0, 9))
    .option("--sampler <name>", "dpm-solver, ddim or ddpm", "dpm-solver")
    .option("--steps <n>", "of the sampler (default: 20, 50, or all with ddpm)", integer("--steps", 1))
    .option(
      "--guidance <scale>",
      `1 is none (default: ${GUIDANCE}, or 1 where the network saw every label)`,
      number("--guidance", 0),
    )
    .option("--eta <share>", "noise of ddim", number("--eta", 0, 1))
    .option(
      "--strip <digit>",
      "also a picture of how one image of this digit comes out of noise",
      integer("--strip", 0, 9),
    )
    .addHelpText(
      "after",
      `\nExample:\n  pnpm sample diffusion --checkpoint runs/diffusion/diffusion.safetensors --out out\n\n${HELP}`,
    )
    .action((flags: DigitFlags) => interruptible((signal) => sampleDiffusion(flags, signal)));
}

async function sampleDiffusion(flags: DigitFlags, signal: AbortSignal): Promise<void> {
  const { out, perDigit, digit, strip, seed, device, sampler, eta } = flags;
  const file = checkpointFile(flags.checkpoint, "diffusion", "pnpm train diffusion");
  const checkpoint = await readCheckpoint(file);
  const model = loadDiffusion(checkpoint);
  const steps = samplingSteps(flags, model.levels);
  const guidance = samplingGuidance(flags, model);
  const noise = eta === undefined ? {} : { eta };
  const options = { seed, sampler, steps, guidance, engine: { device }, ...noise };
  const wish = { perDigit, ...(digit === undefined ? {} : { digits: [digit] }) };
  const isWhole = await fill(out, {
    names: digitNames(wish),
    origin: {
      ...{ model: "diffusion", checkpoint: checkpoint.sha256, seed, sampler, steps, guidance, device },
      ...noise,
    },
    sample: (isWanted) => sampleDigits(model, { ...options, ...wish, isWanted }),
    signal,
  });
  if (strip === undefined || !isWhole) return;
  const picture = await follow(
    reverseProcess(model, { ...options, digit: strip }),
    progressRenderer(process.stderr),
  );
  await saveImage(join(out, "..", `strip-${strip}.png`), picture);
}

interface Filling {
  names: readonly string[];
  origin: Origin;
  sample(isWanted: (name: string) => boolean): Sampling;
  signal: AbortSignal;
}

/** Makes the images that `out` lacks, and says what there is then. @returns whether that is all of them */
async function fill(out: string, { names, origin, sample, signal }: Filling): Promise<boolean> {
  const missing = await missingImages(out, names, origin);
  const work = saveImages(
    sample((name) => missing.has(name)),
    out,
    origin,
    signal,
  );
  const written = await follow(work, progressRenderer(process.stderr));
  const there = names.length - missing.size;
  if (written < missing.size) {
    const sofar = `${there + written} of ${names.length} images`;
    process.stdout.write(`${out}: ${sofar}; the same command makes the others.\n`);
    process.exitCode = ExitCode.interrupted;
    return false;
  }
  const earlier = there > 0 ? `, ${there} of them from before` : "";
  process.stdout.write(`${out}: ${names.length} images${earlier}\n`);
  return true;
}

/** Of the width and latent dimension that the checkpoint's first filter shows; the report's where it has none. */
function generatorSpecsOf({ tensors }: Checkpoint): ParamSpecs {
  const [latent, channels] = tensors.get("net.0.weight")?.shape ?? [];
  const isFilter =
    latent !== undefined && channels !== undefined && channels % 8 === 0 && channels > 0 && latent > 0;
  return generatorSpecs(isFilter ? { latent, width: channels / 8 } : {});
}
