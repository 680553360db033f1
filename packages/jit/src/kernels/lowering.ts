/** What a kernel lowering is: a function from symbolic inputs and tfjs attributes to operators in the graph. */

import type { GraphBuilder } from "../graph/builder.ts";
import type { Value } from "../graph/types.ts";

/** Where the graph will run: `portable` uses standard ONNX operators only, the others what is fastest there. */
export type Target = "portable" | "cpu" | "webgpu" | "cuda";

export interface LoweringContext {
  readonly g: GraphBuilder;
  readonly target: Target;
  /** Channels that the target's convolutions keep together (`layout/blocked`); 0 where they have no such layout. */
  readonly block: number;
}

/** `inputs` and `attrs` have the names that tfjs-core gives them in `kernel_names.ts`. */
// biome-ignore lint/suspicious/noExplicitAny: tfjs types attributes per kernel; each lowering names its own.
export type Lowering = (context: LoweringContext, inputs: any, attrs: any) => Value | readonly Value[];

/** Lowerings by tfjs kernel name. */
export type KernelTable = Readonly<Record<string, Lowering>>;

/** Axes as given to a tfjs reduction (a number, some, or none for all) as sorted non-negative numbers. */
export function normalizeAxes(axes: number | readonly number[] | null | undefined, rank: number): number[] {
  const list =
    axes == null ? Array.from({ length: rank }, (_, i) => i) : typeof axes === "number" ? [axes] : axes;
  return list.map((axis) => normalizeAxis(axis, rank)).sort((a, b) => a - b);
}

export function normalizeAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
