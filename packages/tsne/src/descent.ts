/** Gradient descent with momentum and a gain for each coordinate. */

import type { Workspace } from "./workspace.ts";

/** What descent remembers of a coordinate's past, `[count]` each. */
interface Past {
  velocity: Float64Array;
  gain: Float64Array;
}

export interface Step {
  /** Multiplies the affinities. */
  exaggeration: number;
  momentum: number;
  learningRate: number;
}

/** Gains of Jacobs, "Increased rates of convergence through learning rate adaptation" (1988), with t-SNE's customary constants. */
const GAIN_RAISE = 0.2;
const GAIN_DROP = 0.8;
const LEAST_GAIN = 0.01;

/**
 * Writes the gradient of the divergence, `[count, 2]` (van der Maaten and Hinton 2008, equation 5):
 * dC/dy_i = 4 sum over j of (p_ij - q_ij) w_ij (y_i - y_j), with q_ij = w_ij / Z; the p_ij times `exaggeration`.
 */
export function computeGradient(workspace: Workspace, exaggeration: number, gradient: Float64Array): void {
  const { count, forces } = workspace;
  const z = workspace.computeForces() - count; // less w_ii = 1
  for (let i = 0; i < count; i++) {
    gradient[2 * i] = 4 * (exaggeration * forces[4 * i]! - forces[4 * i + 2]! / z);
    gradient[2 * i + 1] = 4 * (exaggeration * forces[4 * i + 1]! - forces[4 * i + 3]! / z);
  }
}

/** A descent from the embedding in `workspace`: each call moves it one step and returns the gradient's norm before it. */
export function descent(workspace: Workspace): (step: Step) => number {
  const { count } = workspace;
  const past = (): Past => ({
    velocity: new Float64Array(count),
    gain: new Float64Array(count).fill(1),
  });
  const axes = [
    { position: workspace.x, ...past() },
    { position: workspace.y, ...past() },
  ];
  const gradient = new Float64Array(2 * count);
  return ({ exaggeration, momentum, learningRate }) => {
    computeGradient(workspace, exaggeration, gradient);
    let squares = 0;
    for (const [axis, { position, velocity, gain }] of axes.entries()) {
      for (let i = 0; i < count; i++) {
        const g = gradient[2 * i + axis]!;
        squares += g * g;
        // Going on in one direction: against the gradient.
        gain[i] = g * velocity[i]! < 0 ? gain[i]! + GAIN_RAISE : Math.max(LEAST_GAIN, gain[i]! * GAIN_DROP);
        velocity[i] = momentum * velocity[i]! - learningRate * gain[i]! * g;
        position[i]! += velocity[i]!;
      }
    }
    return Math.sqrt(squares);
  };
}
