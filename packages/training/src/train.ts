/** The training loop: runs a recipe to its end, or until it is told to stop, and can go on from there with the same numbers. */

import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Work } from "@touchstone/cli";
import { OptionError } from "@touchstone/nn";
import { begin, saveState } from "./begin.ts";
import { DivergedError } from "./errors.ts";
import { appendLines, type LogLine, pruneLog } from "./log.ts";
import type { TensorTree, Training } from "./training.ts";

export interface TrainOptions {
  /** Folder of `state.safetensors` and `log.jsonl`; made if it is not there. */
  out: string;
  /** Goes on from the state in `out`, if there is one. Without this such a state is an error: it is hours of work. */
  resume?: boolean;
  /** Ends after so many steps in all; more than the recipe's only where it is open-ended. Default the recipe's `steps`. */
  steps?: number;
  /** The state is saved this often, and at the end. Default 60 s. */
  saveEverySeconds?: number;
  /** Once aborted, the step that is running is finished, the state saved, and the training returns. */
  signal?: AbortSignal;
  /** What an error calls a setting, such as `--lr` for `learningRate`. */
  settingName?: (setting: string) => string;
  /** Milliseconds; for tests. */
  now?: () => number;
}

export interface TrainResult<State> {
  /** The caller's to dispose. */
  state: State;
  /** Steps done. */
  step: number;
  /** false: the signal stopped it. */
  finished: boolean;
  /** Seconds of training in all runs of it. */
  seconds: number;
  /** What the last epoch's end measured, in this run of it or an earlier one. */
  metrics: Record<string, number>;
}

/** Every step is logged until this one, then every tenth: enough for a curve. */
const EVERY_STEP_UNTIL = 100;
const LOG_INTERVAL = 10;

export const STATE_FILE = "state.safetensors";
export const LOG_FILE = "log.jsonl";

/**
 * Runs the training. A run that was interrupted (by the signal, or killed, or by fewer `steps`) and resumed ends with the same state and log
 * as an unbroken one.
 *
 * @throws OutputFolderError, SettingsError, DivergedError; OptionError for `steps`; and what the recipe throws
 */
export async function* train<State extends TensorTree>(
  training: Training<State>,
  options: TrainOptions,
): Work<TrainResult<State>> {
  const { out, resume = false, saveEverySeconds = 60, signal } = options;
  const { settingName = (setting) => setting, now = () => performance.now() } = options;
  const end = lastStep(training, options.steps);
  const statePath = join(out, STATE_FILE);
  const logPath = join(out, LOG_FILE);
  const start = await begin(training, { out, statePath, resume, end, settingName });
  let { state, step } = start;
  const isLogged = (at: number) => at <= EVERY_STEP_UNTIL || at % LOG_INTERVAL === 0 || at === end;
  const isLastOfEpoch = (at: number) => at % training.stepsPerEpoch === 0 || at === end;
  const earlier = await pruneLog(
    logPath,
    (line) => line.step <= step && (line.isEpochEnd ? isLastOfEpoch : isLogged)(line.step),
  );

  const beganAt = now();
  const secondsBefore = earlier.at(-1)?.seconds ?? 0;
  const seconds = () => secondsBefore + (now() - beganAt) / 1000;
  let savedAt = now();
  let savedStep = start.isNew ? -1 : step;
  let pending: LogLine[] = [];
  let lastEpoch = earlier.findLast(({ isEpochEnd }) => isEpochEnd)?.metrics ?? {};
  // A loss that is not finite comes from a state that was spoilt one or more steps before: that must not be saved.
  let isSound = true;
  const epochs = Math.ceil(end / training.stepsPerEpoch);

  const save = async () => {
    if (savedStep === step || !isSound) return;
    // The log first: lines of steps after the saved one are taken away on resuming, missing ones would stay missing.
    await appendLines(logPath, pending);
    pending = [];
    await saveState(statePath, training, { step, state });
    savedAt = now();
    savedStep = step;
  };

  try {
    while (step < end && !signal?.aborted) {
      const epoch = Math.floor(step / training.stepsPerEpoch);
      const { state: next, metrics } = await training.step(state, step);
      tf.dispose(state as tf.TensorContainer);
      state = next;
      step++;
      isSound = false;
      refuseNonFinite(training.name, step, metrics, statePath);
      isSound = true;
      if (isLogged(step)) pending.push({ step, epoch, metrics, seconds: seconds() });
      if (isLastOfEpoch(step)) {
        lastEpoch = (await training.epochEnd?.(state, epoch)) ?? {};
        pending.push({ step, epoch, metrics: lastEpoch, isEpochEnd: true, seconds: seconds() });
      }
      yield {
        label: `${training.name}, epoch ${epoch + 1} of ${epochs}`,
        done: (step - epoch * training.stepsPerEpoch) * training.imagesPerStep,
        total:
          Math.min(training.stepsPerEpoch, end - epoch * training.stepsPerEpoch) * training.imagesPerStep,
        unit: "images",
        details: shown({ ...metrics, ...lastEpoch }),
      };
      if ((now() - savedAt) / 1000 >= saveEverySeconds) await save();
    }
  } finally {
    // Also when the consumer stops, or a step fails: the last state that was whole is kept.
    await save();
  }
  return { state, step, finished: step === end, seconds: seconds(), metrics: lastEpoch };
}

function lastStep(
  { steps, isOpenEnded }: Pick<Training<TensorTree>, "steps" | "isOpenEnded">,
  wanted = steps,
): number {
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new OptionError("steps", "a whole number, 1 or more", wanted);
  }
  if (wanted <= steps || isOpenEnded) return wanted;
  const found = `${wanted}; plan it over more epochs`;
  throw new OptionError("steps", `at most ${steps}, which the training is planned over`, found);
}

function refuseNonFinite(
  name: string,
  step: number,
  metrics: Record<string, number>,
  statePath: string,
): void {
  for (const [metric, value] of Object.entries(metrics)) {
    if (!Number.isFinite(value)) throw new DivergedError(name, step, metric, value, statePath);
  }
}

function shown(metrics: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value.toPrecision(4)]));
}
