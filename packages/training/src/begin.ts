/** Where a training begins: anew in an empty folder, or at the state that an earlier run left there. */

import { mkdir, stat } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { loadTrainingState, saveTrainingState } from "@touchstone/nn";
import { OutputFolderError, SettingsError } from "./errors.ts";
import type { TensorTree, Training } from "./training.ts";

export interface BeginOptions {
  out: string;
  statePath: string;
  resume: boolean;
  /** Steps of the whole training. */
  end: number;
  /** What the user calls a setting. */
  settingName: (setting: string) => string;
}

/** @throws OutputFolderError, SettingsError, and as `loadTrainingState` */
export async function begin<State extends TensorTree>(
  training: Training<State>,
  { out, statePath, resume, end, settingName }: BeginOptions,
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
  // The settings first: the tensors of a network of another width could not be compared.
  const saved = await loadTrainingState(statePath, { ...headOf(training), step: 0, state: null });
  tf.dispose(saved.state as unknown as tf.TensorContainer);
  const differences = differencesOf(saved, headOf(training), settingName);
  if (differences.length > 0) throw new SettingsError(statePath, differences);
  if (saved.step > end) {
    const remedy = "Let it take more steps, or choose another folder.";
    throw new OutputFolderError(statePath, `expected at most ${end} steps, found ${saved.step}`, remedy);
  }
  const like = { ...headOf(training), step: 0, state: training.initial() };
  const { state, step } = await loadTrainingState(statePath, like);
  tf.dispose(like.state as tf.TensorContainer);
  return { state, step, isNew: false };
}

/** What `begin` goes on from. Atomic. */
export async function saveState<State extends TensorTree>(
  statePath: string,
  training: Training<State>,
  { step, state }: { step: number; state: State },
): Promise<void> {
  await saveTrainingState(statePath, { ...headOf(training), step, state });
}

/** Text rather than a tree: settings that have come or gone since are to be named, not to be a malformed file. */
function headOf<State extends TensorTree>({ name, settings }: Training<State>) {
  return { settings: JSON.stringify({ training: name, ...settings }) };
}

function differencesOf(
  saved: { settings: string },
  now: { settings: string },
  settingName: (setting: string) => string,
): string[] {
  const [before, after] = [JSON.parse(saved.settings), JSON.parse(now.settings)];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${settingName(name)} ${before[name] ?? "unknown"}, not ${after[name] ?? "unknown"}`);
}
