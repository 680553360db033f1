/** The training loop: runs a recipe to its end, or until it is told to stop, and can go on from there with the same numbers. */

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Work } from "@touchstone/cli";
import { loadTrainingState, saveTrainingState } from "@touchstone/nn";
import { DivergedError, OutputFolderError } from "./errors.ts";
import { appendLines, type LogLine, truncateLog } from "./log.ts";
import type { TensorTree, Training } from "./training.ts";

export interface TrainOptions {
  /** Folder of `state.safetensors` and `log.jsonl`; made if it is not there. */
  out: string;
  /** Goes on from the state in `out`, if there is one. Without this such a state is an error: it is hours of work. */
  resume?: boolean;
  /** The state is saved this often, and at the end. Default 60 s. */
  saveEverySeconds?: number;
  /** Once aborted, the step that is running is finished, the state saved, and the training returns. */
  signal?: AbortSignal;
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
  /** What the last epoch's end measured, if this run reached one. */
  metrics: Record<string, number>;
}

/** Every step is logged until this one, then every tenth: enough for a curve. */
const EVERY_STEP_UNTIL = 100;
const LOG_INTERVAL = 10;

export const STATE_FILE = "state.safetensors";
export const LOG_FILE = "log.jsonl";

/**
 * Runs the training. A run that was interrupted (by the signal, or killed) and resumed ends with the same state as an unbroken one.
 *
 * @throws OutputFolderError, DivergedError, and what the recipe throws
 */
export async function* train<State extends TensorTree>(
  training: Training<State>,
  options: TrainOptions,
): Work<TrainResult<State>> {
  const { out, saveEverySeconds = 60, signal, now = () => performance.now() } = options;
  const statePath = join(out, STATE_FILE);
  const logPath = join(out, LOG_FILE);
  const start = await begin(training, out, statePath, options.resume ?? false);
  let { state, step } = start;
  const earlier = await truncateLog(logPath, step);

  const beganAt = now();
  const seconds = () => earlier + (now() - beganAt) / 1000;
  let savedAt = now();
  let savedStep = start.isNew ? -1 : step;
  let pending: LogLine[] = [];
  let lastEpoch: Record<string, number> = {};
  // A loss that is not finite comes from a state that was spoilt one or more steps before: that must not be saved.
  let isSound = true;
  const epochs = Math.ceil(training.steps / training.stepsPerEpoch);

  const save = async () => {
    if (savedStep === step || !isSound) return;
    // The log first: lines of steps after the saved one are taken away on resuming, missing ones would stay missing.
    await appendLines(logPath, pending);
    pending = [];
    await saveTrainingState(statePath, { ...headOf(training), step, state });
    savedAt = now();
    savedStep = step;
  };

  try {
    while (step < training.steps && !signal?.aborted) {
      const epoch = Math.floor(step / training.stepsPerEpoch);
      const { state: next, metrics } = await training.step(state, step);
      tf.dispose(state as tf.TensorContainer);
      state = next;
      step++;
      isSound = false;
      refuseNonFinite(training.name, step, metrics, statePath);
      isSound = true;
      if (step <= EVERY_STEP_UNTIL || step % LOG_INTERVAL === 0 || step === training.steps) {
        pending.push({ step, epoch, metrics, seconds: seconds() });
      }
      if (step % training.stepsPerEpoch === 0 || step === training.steps) {
        lastEpoch = (await training.epochEnd?.(state, epoch)) ?? {};
        pending.push({ step, epoch, metrics: lastEpoch, isEpochEnd: true, seconds: seconds() });
      }
      yield {
        label: `${training.name}, epoch ${epoch + 1} of ${epochs}`,
        done: (step - epoch * training.stepsPerEpoch) * training.imagesPerStep,
        total:
          Math.min(training.stepsPerEpoch, training.steps - epoch * training.stepsPerEpoch) *
          training.imagesPerStep,
        unit: "images",
        details: shown({ ...metrics, ...lastEpoch }),
      };
      if ((now() - savedAt) / 1000 >= saveEverySeconds) await save();
    }
  } finally {
    // Also when the consumer stops, or a step fails: the last state that was whole is kept.
    await save();
  }
  return { state, step, finished: step === training.steps, seconds: seconds(), metrics: lastEpoch };
}

async function begin<State extends TensorTree>(
  training: Training<State>,
  out: string,
  statePath: string,
  resume: boolean,
): Promise<{ state: State; step: number; isNew: boolean }> {
  await mkdir(out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new OutputFolderError(out, `cannot be made a folder (${error.code})`, "Choose another one.", {
      cause: error,
    });
  });
  const isThere = await stat(statePath).then(
    () => true,
    () => false,
  );
  if (!isThere) return { state: training.initial(), step: 0, isNew: true };
  if (!resume) {
    throw new OutputFolderError(
      statePath,
      "found the state of an earlier training",
      "Resume it, or choose another folder.",
    );
  }
  const like = { ...headOf(training), step: 0, state: training.initial() };
  const saved = await loadTrainingState(statePath, like);
  tf.dispose(like.state as tf.TensorContainer);
  const differences = differencesOf(saved, like);
  if (differences.length > 0) {
    const remedy = "Resume it with the same settings, or choose another folder.";
    throw new OutputFolderError(statePath, differences.join("; "), remedy);
  }
  return { state: saved.state, step: saved.step, isNew: false };
}

/** Text rather than a tree: settings that have come or gone since are to be named, not to be a malformed file. */
function headOf<State extends TensorTree>({ name, settings = {} }: Training<State>) {
  return { settings: JSON.stringify({ training: name, ...settings }) };
}

function differencesOf(saved: { settings: string }, now: { settings: string }): string[] {
  const [before, after] = [JSON.parse(saved.settings), JSON.parse(now.settings)];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `expected ${name} ${after[name]}, found a state with ${before[name]}`);
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
