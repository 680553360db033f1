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
  type Work,
} from "@touchstone/cli";
import type { Image } from "@touchstone/datasets";
import { type Checkpoint, loadParams, type ParamSpecs, readCheckpoint } from "@touchstone/nn";
import { generatorSpecs, sampleDcgan } from "../dcgan/index.ts";
import { loadDiffusion, reverseProcess, type SamplerName, sampleDigits } from "../diffusion/index.ts";
import { saveImage, saveImages } from "../images/index.ts";

interface Flags {
  out: string;
  checkpoint: string;
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
  guidance: number;
  eta?: number;
  strip?: number;
}

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
    .requiredOption("--checkpoint <file>", "safetensors, or a PyTorch state dict of the same architecture")
    .option("--seed <n>", "image i is a function of the seed and i", integer("--seed"), 0)
    .addOption(deviceOption());
}

/** Both GANs have the same generator. */
function faceCommand(name: "dcgan" | "wgan-gp"): Command {
  return common(name, "Faces, 64 x 64: 00000.png, 00001.png, ...")
    .option("--count <n>", "images", integer("--count", 1), 1000)
    .addHelpText(
      "after",
      `\nExample:\n  pnpm sample ${name} --checkpoint runs/${name}/generator.safetensors --out out`,
    )
    .action((flags: FaceFlags) => interruptible((signal) => sampleFaces(flags, signal)));
}

async function sampleFaces(flags: FaceFlags, signal: AbortSignal): Promise<void> {
  const { out, checkpoint: path, seed, count } = flags;
  const checkpoint = await readCheckpoint(path);
  const params = loadParams(generatorSpecsOf(checkpoint), checkpoint);
  const images = sampleDcgan(params, { count, seed, engine: { device: flags.device } });
  const written = await follow(
    saveImages(until(images, signal), out, { total: count }),
    progressRenderer(process.stderr),
  );
  report(out, written, count);
}

function digitCommand(): Command {
  return common("diffusion", "Digits, 28 x 28: 0_001.png ... 9_100.png")
    .option("--per-digit <n>", "images of each digit", integer("--per-digit", 1), 100)
    .option("--digit <d>", "only this digit", integer("--digit", 0, 9))
    .option("--sampler <name>", "dpm-solver, ddim or ddpm", "dpm-solver")
    .option("--steps <n>", "of the sampler (default: 20, 50, or all with ddpm)", integer("--steps", 1))
    .option("--guidance <scale>", "1 is none", number("--guidance", 0), 1)
    .option("--eta <share>", "noise of ddim", number("--eta", 0, 1))
    .option(
      "--strip <digit>",
      "also a picture of how one image of this digit comes out of noise",
      integer("--strip", 0, 9),
    )
    .addHelpText(
      "after",
      "\nExample:\n  pnpm sample diffusion --checkpoint runs/diffusion/diffusion.safetensors --out out",
    )
    .action((flags: DigitFlags) => interruptible((signal) => sampleDiffusion(flags, signal)));
}

async function sampleDiffusion(flags: DigitFlags, signal: AbortSignal): Promise<void> {
  const { out, perDigit, digit, strip } = flags;
  const model = loadDiffusion(await readCheckpoint(flags.checkpoint));
  const options = {
    seed: flags.seed,
    sampler: flags.sampler,
    guidance: flags.guidance,
    engine: { device: flags.device },
    ...(flags.steps === undefined ? {} : { steps: flags.steps }),
    ...(flags.eta === undefined ? {} : { eta: flags.eta }),
  };
  const renderer = progressRenderer(process.stderr);
  const digits = digit === undefined ? {} : { digits: [digit] };
  const images = await follow(
    untilAborted(sampleDigits(model, { ...options, ...digits, perDigit }), signal),
    renderer,
  );
  const written = await follow(
    saveImages(images, out, { name: (i) => images[i]!.name, total: images.length }),
    renderer,
  );
  if (strip !== undefined) {
    const picture = await follow(reverseProcess(model, { ...options, digit: strip }), renderer);
    await saveImage(join(out, "..", `strip-${strip}.png`), picture);
  }
  report(out, written, images.length);
}

/** Of the width and latent dimension that the checkpoint's first filter shows; the report's where it has none. */
function generatorSpecsOf({ tensors }: Checkpoint): ParamSpecs {
  const [latent, channels] = tensors.get("net.0.weight")?.shape ?? [];
  const isFilter =
    latent !== undefined && channels !== undefined && channels % 8 === 0 && channels > 0 && latent > 0;
  return generatorSpecs(isFilter ? { latent, width: channels / 8 } : {});
}

async function* untilAborted<T>(work: Work<T>, signal: AbortSignal): Work<T> {
  try {
    for (;;) {
      signal.throwIfAborted();
      const step = await work.next();
      if (step.done) return step.value;
      yield step.value;
    }
  } finally {
    await work.return(undefined as T);
  }
}

async function* until(images: AsyncIterable<Image>, signal: AbortSignal): AsyncGenerator<Image> {
  for await (const image of images) {
    if (signal.aborted) return;
    yield image;
  }
}

function report(out: string, written: number, wanted: number): void {
  process.stdout.write(`${out}: ${written} images\n`);
  if (written < wanted) process.exitCode = ExitCode.interrupted;
}
