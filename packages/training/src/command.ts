/** What the commands that train have in common: their options, and a run from the first step to the files that it leaves. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { dispose } from "@tensorflow/tfjs";
import {
  Command,
  type DeviceName,
  deviceOption,
  duration,
  ExitCode,
  follow,
  integer,
  interruptible,
  number,
  progressRenderer,
} from "@touchstone/cli";
import { train } from "./train.ts";
import type { TensorTree, Training } from "./training.ts";

export interface TrainingFlags {
  out: string;
  epochs: number;
  batch: number;
  lr: number;
  seed: number;
  device: DeviceName;
  resume?: true;
}

export interface TrainingCommandOptions<State extends TensorTree, Flags extends TrainingFlags> {
  /** As it is typed: `dcgan`. */
  name: string;
  description: string;
  /** How it is typed, without the options that all have. */
  example: string;
  defaults: { epochs: number; batchSize: number; learningRate: number };
  /** Adds options of its own. */
  configure?(command: Command): Command;
  /** Reads the data and makes the recipe. */
  build(flags: Flags, signal: AbortSignal): Promise<Training<State>>;
  /** Writes the trained weights. @returns each file's SHA-256 by its path */
  save(state: State, flags: Flags, metadata: Record<string, string>): Promise<Record<string, string>>;
}

export function trainingCommand<State extends TensorTree, Flags extends TrainingFlags>(
  options: TrainingCommandOptions<State, Flags>,
): Command {
  const { name, description, example, defaults, configure = (command) => command } = options;
  const command = new Command(name)
    .description(description)
    .requiredOption("--out <folder>", "where state, log and weights are written")
    .option("--epochs <n>", "passes over the images", integer("--epochs", 1), defaults.epochs)
    .option("--batch <n>", "images in a step", integer("--batch", 2, 4096), defaults.batchSize)
    .option("--lr <rate>", "the learning rate, or its highest", number("--lr", 0), defaults.learningRate)
    .option("--seed <n>", "of weights, order and all noise", integer("--seed"), 0)
    .addOption(deviceOption())
    .option("--resume", "go on from the state in the folder");
  return configure(command)
    .addHelpText(
      "after",
      `\nExample:\n  ${example}\n\nCtrl-C saves the state; --resume goes on from it, to the same weights.`,
    )
    .action((flags: Flags) => interruptible((signal) => run(options, flags, signal)));
}

async function run<State extends TensorTree, Flags extends TrainingFlags>(
  { build, save }: TrainingCommandOptions<State, Flags>,
  flags: Flags,
  signal: AbortSignal,
): Promise<void> {
  const settings = settingsOf(flags);
  const recipe = await build(flags, signal);
  const training = { ...recipe, settings: { ...settings, ...recipe.settings } };
  const { out, resume = false } = flags;
  const result = await follow(train(training, { out, resume, signal }), progressRenderer(process.stderr));
  if (!result.finished) {
    process.stdout.write(`Stopped after step ${result.step} of ${training.steps}; --resume goes on.\n`);
    process.exitCode = ExitCode.interrupted;
    return;
  }
  const metadata = {
    training: training.name,
    steps: String(training.steps),
    settings: JSON.stringify(training.settings),
  };
  const files = await save(result.state, flags, metadata);
  dispose(result.state as tf.TensorContainer);
  const { seconds, metrics } = result;
  const summary = {
    training: training.name,
    settings: training.settings,
    steps: training.steps,
    seconds,
    metrics,
    files,
  };
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  const measured = Object.entries(metrics).map(([metric, value]) => `, ${metric} ${value.toPrecision(4)}`);
  process.stdout.write(`${training.steps} steps in ${duration(seconds)}${measured.join("")}\n`);
  for (const [path, sha256] of Object.entries(files)) process.stdout.write(`${path}  sha256 ${sha256}\n`);
}

/** Where it runs and what it writes are no part of a run's identity. */
function settingsOf({ out: _out, device: _device, resume: _resume, ...settings }: TrainingFlags) {
  return settings as Record<string, string | number | boolean>;
}
