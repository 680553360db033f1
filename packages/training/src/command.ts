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
  steps?: number;
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
  /** Which of them a setting of the recipe is: `{ width: "--width" }`. */
  settingNames?: Record<string, string>;
  /** Reads the data and makes the recipe. */
  build(flags: Flags, signal: AbortSignal): Promise<Training<State>>;
  /** Writes the trained weights. @returns each file's SHA-256 by its path */
  save(state: State, flags: Flags, metadata: Record<string, string>): Promise<Record<string, string>>;
}

const STEPS_HELP = `With both --epochs and --steps, the one that is reached first ends it. A learning rate that falls does so over the
epochs, however many steps are taken: where there is one, --steps cannot go beyond them.`;

const SETTING_NAMES: Record<string, string> = {
  epochs: "--epochs",
  batchSize: "--batch",
  learningRate: "--lr",
  seed: "--seed",
};

export function trainingCommand<State extends TensorTree, Flags extends TrainingFlags>(
  options: TrainingCommandOptions<State, Flags>,
): Command {
  const { name, description, example, defaults, configure = (command) => command } = options;
  const command = new Command(name)
    .description(description)
    .requiredOption("--out <folder>", "where state, log and weights are written")
    .option("--epochs <n>", "passes over the images", integer("--epochs", 1), defaults.epochs)
    .option(
      "--steps <n>",
      "end after so many steps; --resume with more of them goes on",
      integer("--steps", 1),
    )
    .option("--batch <n>", "images in a step", integer("--batch", 2, 4096), defaults.batchSize)
    .option("--lr <rate>", "the learning rate, or its highest", number("--lr", 0), defaults.learningRate)
    .option("--seed <n>", "of weights, order and all noise", integer("--seed"), 0)
    .addOption(deviceOption())
    .option("--resume", "go on from the state in the folder");
  return configure(command)
    .addHelpText(
      "after",
      `\nExample:\n  ${example}\n\n${STEPS_HELP}\nCtrl-C saves the state; --resume goes on from it, to the same weights.`,
    )
    .action((flags: Flags, command: Command) =>
      interruptible((signal) => {
        const isEpochsGiven = command.getOptionValueSource("epochs") === "cli";
        return run(options, flags, isEpochsGiven, signal);
      }),
    );
}

async function run<State extends TensorTree, Flags extends TrainingFlags>(
  { build, save, settingNames = {} }: TrainingCommandOptions<State, Flags>,
  flags: Flags,
  isEpochsGiven: boolean,
  signal: AbortSignal,
): Promise<void> {
  const training = await build(flags, signal);
  const { out, resume = false } = flags;
  const steps = isEpochsGiven ? Math.min(flags.steps ?? training.steps, training.steps) : flags.steps;
  const names = { ...SETTING_NAMES, ...settingNames };
  const work = train(training, {
    ...{ out, resume, signal },
    ...(steps === undefined ? {} : { steps }),
    settingName: (setting) => names[setting] ?? setting,
  });
  const result = await follow(work, progressRenderer(process.stderr));
  if (!result.finished) {
    process.stdout.write(
      `Stopped after step ${result.step} of ${steps ?? training.steps}; --resume goes on.\n`,
    );
    process.exitCode = ExitCode.interrupted;
    return;
  }
  const metadata = {
    training: training.name,
    steps: String(result.step),
    settings: JSON.stringify(training.settings),
  };
  const files = await save(result.state, flags, metadata);
  dispose(result.state as tf.TensorContainer);
  const { seconds, metrics } = result;
  const summary = {
    training: training.name,
    settings: training.settings,
    steps: result.step,
    seconds,
    metrics,
    files,
  };
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`);
  const measured = Object.entries(metrics).map(([metric, value]) => `, ${metric} ${value.toPrecision(4)}`);
  process.stdout.write(`${result.step} steps in ${duration(seconds)}${measured.join("")}\n`);
  for (const [path, sha256] of Object.entries(files)) process.stdout.write(`${path}  sha256 ${sha256}\n`);
}
