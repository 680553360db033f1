/**
 * The time of an iteration's loop over all pairs of 2,000 points: the kernel against the same loop in TypeScript.
 *
 *     npx tsx packages/tsne/scripts/time-forces.ts
 */

import { generatorFromSeed } from "@touchstone/nn";
import { openWorkspace, type Workspace } from "../src/workspace.ts";

const COUNT = 2000;
const WARM_UPS = 10;
const ROUNDS = 50;

function inTypeScript({ count, stride, pairs, x, y, forces }: Workspace): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let attractionX = 0;
    let attractionY = 0;
    let repulsionX = 0;
    let repulsionY = 0;
    for (let j = 0; j < count; j++) {
      const dx = x[i]! - x[j]!;
      const dy = y[i]! - y[j]!;
      const w = 1 / (1 + dx * dx + dy * dy);
      const pw = pairs[i * stride + j]! * w;
      sum += w;
      attractionX += pw * dx;
      attractionY += pw * dy;
      repulsionX += w * w * dx;
      repulsionY += w * w * dy;
    }
    forces[4 * i] = attractionX;
    forces[4 * i + 1] = attractionY;
    forces[4 * i + 2] = repulsionX;
    forces[4 * i + 3] = repulsionY;
  }
  return sum;
}

function time(name: string, compute: () => number): void {
  for (let i = 0; i < WARM_UPS; i++) compute();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) compute();
  console.log(`${name}: ${(process.cpuUsage(before).user / 1000 / ROUNDS).toFixed(2)} ms of CPU time`);
}

const workspace = openWorkspace(COUNT, 1);
const generator = generatorFromSeed(0);
workspace.x.set(generator.normal(COUNT).map((z) => 20 * z));
workspace.y.set(generator.normal(COUNT).map((z) => 20 * z));
workspace.pairs.fill(1 / COUNT ** 2);
time("kernel, f32x4", workspace.computeForces);
time("TypeScript, float64", () => inTypeScript(workspace));
