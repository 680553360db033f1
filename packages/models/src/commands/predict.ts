/** `pnpm predict dann`: labels of a folder of digits, as the homework wants them. */

import {
  Command,
  type DeviceName,
  deviceOption,
  ExitCode,
  follow,
  interruptible,
  Option,
  printable,
  progressRenderer,
  UsageError,
} from "@touchstone/cli";
import { openImages } from "@touchstone/datasets";
import { readCheckpoint } from "@touchstone/nn";
import { loadDann, type Predictions, predict } from "../dann/predict.ts";
import { writeFeatures, writeLabels } from "../dann/predictions.ts";
import { checkpointFile } from "./shipped.ts";

interface Flags {
  images: string;
  out: string;
  checkpoint?: string;
  target?: "svhn" | "usps";
  features?: string;
  device: DeviceName;
}

export function predictCommand(): Command {
  const dann = new Command("dann")
    .description("Label a folder of digits: a table with the header image_name,label")
    .requiredOption("--images <folder>", "folder or zip of digits of any size")
    .requiredOption("--out <csv>", "the table")
    .option("--checkpoint <file>", "safetensors, or a PyTorch state dict of the same architecture")
    .addOption(
      new Option(
        "--target <set>",
        "instead: the weights of this target that come with the repository",
      ).choices(["svhn", "usps"]),
    )
    .option("--features <file>", "also the 512 features of each image, as safetensors")
    .addOption(deviceOption())
    .addHelpText(
      "after",
      "\nExamples:\n  pnpm predict dann --target usps --images usps/val --out usps.csv\n" +
        "  pnpm predict dann --checkpoint runs/dann-usps/dann.safetensors --images usps/val --out usps.csv",
    )
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
  return new Command("predict").description("Label images with a trained model").addCommand(dann);
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const { images, out, target, features } = flags;
  if ((flags.checkpoint === undefined) === (target === undefined)) {
    const found = target === undefined ? "neither" : "both";
    throw new UsageError("--checkpoint and --target", "one of the two", found);
  }
  const training = `pnpm train dann --target ${target}`;
  const checkpoint = checkpointFile(flags.checkpoint, `dann-${target}`, training);
  const source = await openImages(images);
  try {
    const params = loadDann(await readCheckpoint(checkpoint));
    const work = predict(source, params, {
      features: features !== undefined,
      engine: { device: flags.device },
      signal,
    });
    const predictions = await follow(work, progressRenderer(process.stderr));
    await writeLabels(out, predictions);
    if (features !== undefined) await writeFeatures(features, predictions as Required<Predictions>);
    report(out, predictions);
  } finally {
    await source.close();
  }
}

function report(out: string, { names, problems }: Predictions): void {
  process.stdout.write(`${out}: ${names.length} images\n`);
  for (const { file, message } of problems) process.stderr.write(`${printable(file)}: ${message}\n`);
  if (problems.length > 0) process.exitCode = ExitCode.submission;
}
