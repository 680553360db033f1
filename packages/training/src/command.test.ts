/** The training command: how long it takes, and what it refuses to resume. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { runProgram } from "@touchstone/cli";
import { saveParams } from "@touchstone/nn";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Training, type TrainingFlags, trainingCommand } from "./index.ts";

type State = { w: tf.Tensor };

/** Ten steps an epoch, each of which adds the rate. */
function adding({ lr, seed, epochs }: TrainingFlags, isPlanned: boolean): Training<State> {
  return {
    name: "adding",
    settings: { learningRate: lr, seed, ...(isPlanned ? { epochs } : {}) },
    ...(isPlanned ? {} : { isOpenEnded: true }),
    steps: 10 * epochs,
    stepsPerEpoch: 10,
    imagesPerStep: 1,
    initial: () => ({ w: tf.scalar(seed) }),
    step: async ({ w }) => ({ state: { w: tf.add(w, lr) }, metrics: { lr } }),
  };
}

let out: string;
let stdout: string;
let stderr: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "training-command-"));
  [stdout, stderr] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
  rmSync(out, { recursive: true });
});

function run(args: string[], { isPlanned = false, folder = out } = {}): Promise<number> {
  const command = trainingCommand<State, TrainingFlags>({
    name: "adding",
    description: "Add",
    example: "adding",
    defaults: { epochs: 2, batchSize: 2, learningRate: 0.5 },
    build: async (flags) => adding(flags, isPlanned),
    async save({ w }, flags, metadata) {
      const path = join(flags.out, "weights.safetensors");
      return { [path]: await saveParams(path, { w }, { metadata }) };
    },
  });
  return runProgram(command, ["--out", folder, ...args]);
}
const weights = (folder = out) => readFileSync(join(folder, "weights.safetensors"));

it.each([
  [[], 20],
  [["--epochs", "3"], 30],
  [["--steps", "7"], 7],
  [["--steps", "23"], 23],
  [["--steps", "7", "--epochs", "3"], 7],
  [["--steps", "70", "--epochs", "3"], 30],
])("%j takes %i steps", async (args, steps) => {
  expect(await run(args)).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${steps} steps in `));
});

it("resumed with more steps, it writes the weights of an unbroken run", async () => {
  const whole = mkdtempSync(join(tmpdir(), "training-command-"));
  await run(["--steps", "12"], { folder: whole });
  await run(["--steps", "5"]);
  expect(weights()).not.toEqual(weights(whole));
  expect(await run(["--steps", "12", "--resume"])).toBe(0);
  expect(weights()).toEqual(weights(whole));
  rmSync(whole, { recursive: true });
});

it("refuses to resume with other options, by their names and both values", async () => {
  await run(["--steps", "5"]);
  expect(await run(["--steps", "6", "--resume", "--lr", "0.1", "--seed", "3"])).toBe(2);
  expect(stderr).toContain(
    "state.safetensors: the training began with --lr 0.5, not 0.1; with --seed 0, not 3. Resume it as it began, or choose another folder.",
  );
});

it("does not go beyond the epochs that it is planned over", async () => {
  expect(await run(["--steps", "21"], { isPlanned: true })).toBe(2);
  expect(stderr).toContain("steps: expected at most 20, which the training is planned over, found 21;");
  expect(await run(["--steps", "5"], { isPlanned: true })).toBe(0);
  expect(await run(["--epochs", "3", "--resume"], { isPlanned: true })).toBe(2);
  expect(stderr).toContain("--epochs 2, not 3");
});
