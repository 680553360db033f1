/** Whether a recipe's run is the same when it is interrupted. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { follow } from "@touchstone/cli";
import { type HostArray, readCheckpoint } from "@touchstone/nn";
import { STATE_FILE, type TensorTree, type Training, train } from "@touchstone/training";

/** Every tensor of the state after all steps, by name. */
export async function finalState<S extends TensorTree>(
  training: Training<S>,
): Promise<Map<string, HostArray>> {
  return inFolder(async (out) => finish(training, out));
}

/** The same of a run that is stopped after `steps`, and resumed from its file by another recipe object, as by another process. */
export async function resumedState<S extends TensorTree>(
  training: Training<S>,
  steps: number,
  resumed: Training<S>,
): Promise<Map<string, HostArray>> {
  return inFolder(async (out) => {
    const controller = new AbortController();
    let seen = 0;
    const show = () => {
      if (++seen === steps) controller.abort();
    };
    const { state, step } = await follow(train(training, { out, signal: controller.signal }), {
      show,
      end() {},
    });
    tf.dispose(state as tf.TensorContainer);
    if (step !== steps) throw new Error(`The training was to stop after ${steps} steps, not ${step}.`);
    return finish(resumed, out);
  });
}

async function finish<S extends TensorTree>(
  training: Training<S>,
  out: string,
): Promise<Map<string, HostArray>> {
  const { state } = await follow(train(training, { out, resume: true }), { show() {}, end() {} });
  tf.dispose(state as tf.TensorContainer);
  const { tensors } = await readCheckpoint(join(out, STATE_FILE));
  return new Map(Array.from(tensors, ([name, { data }]) => [name, data]));
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "touchstone-train-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
