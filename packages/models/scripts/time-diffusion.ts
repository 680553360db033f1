/**
 * Times sampling digits by the full-size network against PyTorch, in one run, on as many threads, with as many steps of DPM-Solver++(2M).
 *
 *     PYTHON=python3 npx tsx packages/models/scripts/time-diffusion.ts [--images 100] [--steps 20] [--batch 20] [--threads 2]
 *     npx tsx packages/models/scripts/time-diffusion.ts --alone --images 1000
 *
 * The engines take turns, step by step: on a busy machine each meets the same noise. `best` is what the fastest step of each would give, the
 * estimate for a machine that does nothing else. CPU seconds are summed over threads. `--alone` leaves PyTorch out; what is timed then has everything in it: compiling, sampling, PNG files.
 * PYTHON names an interpreter with torch.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { follow, progressRenderer } from "@touchstone/cli";
import { generatorFromSeed, initialize } from "@touchstone/nn";
import { sampleDigits } from "../src/diffusion/sample.ts";
import { denoiserOf, noiseFor, wishFor } from "../src/diffusion/sampling.ts";
import { unetSpecs } from "../src/diffusion/unet-specs.ts";
import { saveImages } from "../src/images/save.ts";

interface Timing {
  /** Seconds. */
  wall: number;
  cpu: number;
}

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "100" },
    steps: { type: "string", default: "20" },
    batch: { type: "string", default: "20" },
    threads: { type: "string", default: String(availableParallelism()) },
    alone: { type: "boolean", default: false },
  },
});
const [images, steps, batch, threads] = [values.images, values.steps, values.batch, values.threads].map(
  Number,
) as [number, number, number, number];
const engine = { threads };
const WARM_UPS = 2;
/** An engine's threads spin for a while after their work, on the next one's cores. */
const PAUSE_MS = 50;

await tf.setBackend("cpu");
// Its weights are the initial ones: time does not depend on them.
const model = {
  params: initialize(unetSpecs(), generatorFromSeed(0)),
  levels: 1000,
  betas: "linear" as const,
};
console.log(`${cpus()[0]?.model}, ${threads} threads each; load average before ${load()}`);
if (values.alone) await alone();
else await inTurns();
console.log(`load average after ${load()}`);

async function alone(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "touchstone-diffusion-"));
  try {
    const start = performance.now();
    const work = sampleDigits(model, { perDigit: images / 10, steps, batchSize: batch, engine });
    const made = await follow(work, progressRenderer(process.stderr));
    const saving = saveImages(made, folder, { name: (i) => made[i]!.name });
    const written = await follow(saving, { show() {}, end() {} });
    const wall = (performance.now() - start) / 1000;
    console.log(`${written} images, ${steps} steps: ${wall.toFixed(1)} s`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inTurns(): Promise<void> {
  const peer = startPeer();
  const engines: Record<string, () => Promise<Timing>> = {
    touchstone: await ours(),
    PyTorch: () => peer.step("default"),
    "PyTorch, channels_last": () => peer.step("channels_last"),
  };
  const taken = new Map(Object.keys(engines).map((name) => [name, [] as Timing[]]));
  const rounds = Math.ceil(images / batch) * steps;
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const [name, step] of Object.entries(engines)) {
      const timing = await step();
      if (round >= 0) taken.get(name)!.push(timing);
      await setTimeout(PAUSE_MS);
    }
  }
  peer.close();

  const summary = (name: string) => {
    const walls = taken.get(name)!.map(({ wall }) => wall);
    const sum = (key: keyof Timing) => taken.get(name)!.reduce((total, timing) => total + timing[key], 0);
    const median = walls.toSorted((a, b) => a - b)[walls.length >> 1]!;
    return { mean: sum("wall") / rounds, median, best: Math.min(...walls), cpu: sum("cpu") / rounds };
  };
  const own = summary("touchstone");
  console.log(
    `${(rounds / steps) * batch} images each, ${steps} steps, batches of ${batch}; images/s and ratio of times`,
  );
  for (const name of taken.keys()) {
    const found = summary(name);
    const column = (key: "mean" | "median" | "best") =>
      `${key} ${(batch / found[key] / steps).toFixed(2)} x${(found[key] / own[key]).toFixed(2)}`;
    const cpu = `CPU x${(found.cpu / own.cpu).toFixed(2)}`;
    console.log(`  ${[name.padEnd(22), column("mean"), column("median"), column("best"), cpu].join("   ")}`);
  }
}

/** Takes the next step of a batch, of one batch after the other. */
async function ours(): Promise<() => Promise<Timing>> {
  const { loop } = await denoiserOf(model, { steps, engine }, batch);
  const wishes = Array.from({ length: batch }, (_, i) => wishFor(i % 10, i + 1));
  const labels = Int32Array.from(wishes, ({ digit }) => digit);
  async function* batches() {
    for (;;) {
      for await (const { level, x } of loop.run(labels, noiseFor(wishes, 0, batch))) {
        if (level === 0) await x.data();
        if (level < model.levels) yield;
      }
    }
  }
  const endless = batches();
  return async () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await endless.next();
    const used = process.cpuUsage(cpu);
    return { wall: (performance.now() - start) / 1000, cpu: (used.user + used.system) / 1e6 };
  };
}

function startPeer() {
  const script = fileURLToPath(new URL("time_diffusion.py", import.meta.url));
  const args = [
    "-B",
    script,
    "--batch",
    String(batch),
    "--steps",
    String(steps),
    "--threads",
    String(threads),
  ];
  const peer: ChildProcess = spawn(process.env.PYTHON || "python3", args, {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: peer.stdout! })[Symbol.asyncIterator]();
  return {
    async step(layout: string): Promise<Timing> {
      peer.stdin!.write(`${layout}\n`);
      const answer = await lines.next();
      if (answer.done)
        throw new Error("The PyTorch process ended; PYTHON=... names an interpreter with torch.");
      return JSON.parse(answer.value);
    },
    close: () => peer.stdin!.end(),
  };
}

function load(): string {
  return loadavg()[0]!.toFixed(1);
}
