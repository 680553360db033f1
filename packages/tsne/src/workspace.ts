/** The memory that the kernels compute in, and the kernels on it. */

import { TooManyPointsError } from "./errors.ts";
import { KERNELS_BASE64 } from "./kernels-binary.ts";
import { webAssembly } from "./web-assembly.ts";

/** Time and memory grow with the square: 0.4 GB, and 25 times what 2,000 points take. */
export const MAX_POINTS = 10_000;

export interface Workspace {
  count: number;
  /** Numbers in a row of `points`: the dimensions, filled up with zeros to a multiple of eight. */
  width: number;
  /** Numbers in a row of `pairs`: the points, filled up with zeros to a multiple of four. */
  stride: number;
  /** `[count, width]` */
  points: Float32Array;
  /** `[count, stride]`: squared distances, then the affinities p_ij. */
  pairs: Float32Array;
  /** The embedding's coordinates, `[stride]` each. */
  x: Float32Array;
  y: Float32Array;
  /** `[count, 4]`: attraction in x and y, repulsion in x and y. */
  forces: Float32Array;
  /** From `points` to `pairs`. */
  computeDistances(): void;
  /** From `x`, `y` and `pairs` to `forces`; returns the sum of 1 / (1 + |y_i - y_j|^2) over all i and j, i = j included. */
  computeForces(): number;
}

interface Kernels {
  squaredDistances(count: number, points: number, rowBytes: number, out: number, outRowBytes: number): void;
  forces(count: number, x: number, y: number, p: number, rowBytes: number, out: number): number;
}

const PAGE = 65_536;
/** Its square overflows, so that what fills up the last four points has no weight. */
const FAR_AWAY = 1e30;

/** @throws TooManyPointsError */
export function openWorkspace(count: number, dims: number): Workspace {
  if (count > MAX_POINTS) throw new TooManyPointsError(`at most ${MAX_POINTS.toLocaleString("en")}`, count);
  const width = 8 * Math.ceil(dims / 8);
  const stride = 4 * Math.ceil(count / 4);
  let end = 0;
  const place = (numbers: number) => {
    const at = end;
    end += 4 * numbers;
    return at;
  };
  const xAt = place(stride);
  const yAt = place(stride);
  const forcesAt = place(4 * count);
  const pairsAt = place(count * stride);
  const pointsAt = place(count * width);

  const memory = allocate(end, count);
  const module = new webAssembly.Module(Buffer.from(KERNELS_BASE64, "base64"));
  const kernels = new webAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const view = (at: number, numbers: number) => new Float32Array(memory.buffer, at, numbers);
  return {
    count,
    width,
    stride,
    points: view(pointsAt, count * width),
    pairs: view(pairsAt, count * stride),
    x: view(xAt, stride).fill(FAR_AWAY, count),
    y: view(yAt, stride).fill(FAR_AWAY, count),
    forces: view(forcesAt, 4 * count),
    computeDistances: () => kernels.squaredDistances(count, pointsAt, 4 * width, pairsAt, 4 * stride),
    computeForces: () => kernels.forces(count, xAt, yAt, pairsAt, 4 * stride, forcesAt),
  };
}

function allocate(bytes: number, count: number) {
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new webAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    const limit = "no more points and dimensions than fit in 4 GiB and in the memory there is";
    throw new TooManyPointsError(limit, count, error);
  }
}
