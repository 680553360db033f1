import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { follow } from "@touchstone/cli";
import { generatorFromSeed } from "@touchstone/nn";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LOG_FILE, STATE_FILE, type Training, type TrainOptions, train } from "./index.ts";

type State = { w: tf.Tensor; moments: { m: tf.Tensor } };

/** A random walk: its end depends on every step's own noise. */
function walk(steps = 25, onStep: (step: number) => void = () => {}): Training<State> {
  const generator = generatorFromSeed(7);
  return {
    name: "walk",
    settings: { seed: 7 },
    steps,
    stepsPerEpoch: 10,
    imagesPerStep: 4,
    initial: () => ({ w: tf.zeros([3]), moments: { m: tf.ones([3]) } }),
    async step({ w, moments }, step) {
      onStep(step);
      const [m, next] = tf.tidy(() => {
        const m = tf.add(tf.mul(moments.m, 0.9), tf.tensor1d(generator.split(step).normal(3)));
        return [m, tf.add(w, m)];
      }) as [tf.Tensor, tf.Tensor];
      return { state: { w: next, moments: { m } }, metrics: { norm: Math.hypot(...next.dataSync()) } };
    },
    epochEnd: async ({ w }, epoch) => ({ epochs: epoch + 1, first: w.dataSync()[0]! }),
  };
}

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "training-"));
});
afterEach(() => rmSync(out, { recursive: true }));

const silent = { show() {}, end() {} };
const run = (training: Training<State>, options: Partial<TrainOptions> = {}) =>
  follow(train(training, { out, now: () => 0, ...options }), silent);
const state = () => readFileSync(join(out, STATE_FILE));
const log = () => readFileSync(join(out, LOG_FILE), "utf8");

it("runs every step, logs steps and epochs, and saves the end", async () => {
  const steps: number[] = [];
  const result = await run(walk(25, (step) => steps.push(step)));
  expect(steps).toEqual(Array.from({ length: 25 }, (_, i) => i));
  expect(result).toMatchObject({ step: 25, finished: true, metrics: { epochs: 3 } });
  const lines = log()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.filter((line) => line.isEpochEnd).map((line) => line.step)).toEqual([10, 20, 25]);
  expect(lines.filter((line) => !line.isEpochEnd).length).toBe(25);
  tf.dispose(result.state);
});

it("resumed where it ended, it takes no step and knows what was measured", async () => {
  const whole = await run(walk());
  const again = await run(
    walk(25, () => expect.fail("a step")),
    { resume: true },
  );
  expect(again).toMatchObject({ step: 25, finished: true, metrics: whole.metrics });
  tf.dispose([whole.state, again.state] as unknown as tf.TensorContainer);
});

it("interrupted and resumed, it ends with the bytes of an unbroken run", async () => {
  const leaves = tf.memory().numTensors;
  tf.dispose((await run(walk())).state);
  const [wholeState, wholeLog] = [state(), log()];
  rmSync(join(out, STATE_FILE));

  const controller = new AbortController();
  const stopAt = (at: number) => walk(25, (step) => step === at && controller.abort());
  const first = await run(stopAt(12), { signal: controller.signal });
  expect(first).toMatchObject({ step: 13, finished: false });
  // As if killed while it logged steps whose state was never saved.
  appendFileSync(join(out, LOG_FILE), '{"step":14,"epoch":1,"metrics":{},"seconds":0}\n{"step":15,"ep');
  const second = await run(walk(), { resume: true });
  expect(second).toMatchObject({ step: 25, finished: true });
  expect(state().equals(wholeState)).toBe(true);
  expect(log()).toBe(wholeLog);
  tf.dispose([first.state, second.state]);
  expect(tf.memory().numTensors).toBe(leaves);
});

it("saves every so often", async () => {
  let time = 0;
  const saved: boolean[] = [];
  const training = walk(4, () => {
    time += 40_000;
    saved.push(existsSync(join(out, STATE_FILE)));
  });
  tf.dispose((await run(training, { now: () => time })).state);
  expect(saved).toEqual([false, false, true, true]);
});

it("keeps what was done when a step fails", async () => {
  const failing = walk(25, (step) => {
    if (step === 9) throw new Error("boom");
  });
  await expect(run(failing)).rejects.toThrow("boom");
  tf.dispose((await run(walk(), { resume: true })).state);
  const resumed = state();
  rmSync(join(out, STATE_FILE));
  tf.dispose((await run(walk())).state);
  expect(resumed.equals(state())).toBe(true);
});

it("ends a training whose loss is no number, and keeps the last state that was sound", async () => {
  const training = walk();
  const diverging = {
    ...training,
    step: async (state: State, step: number) => {
      const result = await training.step(state, step);
      return step === 7 ? { ...result, metrics: { loss: Number.NaN } } : result;
    },
  };
  let time = 0;
  const now = () => (time += 5_000);
  await expect(run(diverging, { now, saveEverySeconds: 12 })).rejects.toMatchObject({
    code: "TRAINING_DIVERGED",
    exitCode: 1,
    message: expect.stringContaining("expected a finite loss, found NaN at step 8"),
  });
  const result = await run(walk(), { resume: true });
  expect(result.finished).toBe(true);
  tf.dispose(result.state);
});

it("does not overwrite the state of an earlier training unless it resumes it", async () => {
  tf.dispose((await run(walk())).state);
  await expect(run(walk())).rejects.toMatchObject({ code: "TRAINING_OUTPUT", exitCode: 2 });
});

it("is resumed only with the settings that it began with, and names those that differ", async () => {
  tf.dispose((await run(walk())).state);
  const resumed = (training: Partial<Training<State>>) =>
    run({ ...walk(), ...training }, { resume: true, settingName: (name) => `--${name}` });
  await expect(resumed({ name: "another" })).rejects.toMatchObject({
    code: "TRAINING_SETTINGS",
    exitCode: 2,
    message: expect.stringContaining("began with --training walk, not another. Resume it as it began, or"),
  });
  // Also where the state has other shapes.
  const wide = {
    settings: { seed: 8, width: 2 },
    initial: () => ({ w: tf.zeros([9]), moments: { m: tf.ones([9]) } }),
  };
  await expect(resumed(wide)).rejects.toThrow("--seed 7, not 8; with --width unknown, not 2.");
});

it("ends after fewer steps, and goes on to the bytes of an unbroken run", async () => {
  tf.dispose((await run(walk())).state);
  const [wholeState, wholeLog] = [state(), log()];
  rmSync(join(out, STATE_FILE));
  const first = await run(walk(), { steps: 7 });
  expect(first).toMatchObject({ step: 7, finished: true, metrics: { epochs: 1 } });
  const second = await run(walk(), { steps: 25, resume: true });
  expect(second).toMatchObject({ step: 25, finished: true });
  expect(state().equals(wholeState)).toBe(true);
  expect(log()).toBe(wholeLog);
  tf.dispose([first.state, second.state]);
});

it("goes on beyond the recipe's steps where no step depends on how many there are", async () => {
  const open = { ...walk(), isOpenEnded: true } as const;
  const result = await run(open, { steps: 27 });
  expect(result).toMatchObject({ step: 27, finished: true });
  tf.dispose(result.state);
  const fewer = run(open, { steps: 20, resume: true });
  await expect(fewer).rejects.toThrow("expected at most 20 steps, found 27. Let it take more steps, or");
  await expect(run(walk(), { steps: 27, resume: true })).rejects.toThrow(
    "Option steps: expected at most 25, which the training is planned over, found 27; plan it over more epochs.",
  );
  await expect(run(walk(), { steps: 0 })).rejects.toMatchObject({ code: "NN_OPTION" });
});

it("names an output folder that cannot be made", async () => {
  writeFileSync(join(out, "file"), "");
  await expect(run(walk(), { out: join(out, "file", "x") })).rejects.toMatchObject({
    code: "TRAINING_OUTPUT",
  });
});
