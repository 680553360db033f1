/**
 * Sums of the polynomial kernel over subsets: from all products, computed once, or where these are too many from each subset's own.
 *
 * KID is a small difference of averages of kernels that are 1 and more each, and features have a mean that is larger than what is
 * around it. So products are of centred features, where float32 loses least, and what belongs to the centre c is added in float64:
 * x.y = (x - c).(y - c) + t(x) + t(y) with t(x) = c.(x - c) + |c|^2 / 2.
 */

import { centreOf } from "../samples/centre.ts";
import type { Products } from "../samples/products.ts";
import { type Samples, selectSamples } from "../samples/samples.ts";

export type Side = "reference" | "generated";

/** Rows of the reference and of the generated samples. */
export type SubsetPair = Record<Side, Int32Array>;

export interface KernelSums {
  /** Sum of k(x, x') over unordered pairs of different rows. */
  within(side: Side, rows: Int32Array): Promise<number>;
  /** Sum of k(x, y) over all pairs. */
  between(reference: Int32Array, generated: Int32Array): Promise<number>;
}

/** Samples and t of each. */
interface Termed {
  samples: Samples;
  /** `[count]` */
  terms: Float64Array;
}

type Sides = Record<Side, Termed>;

/** Centred products `[x, y]` and the terms of both. */
interface Block {
  products: Float32Array;
  x: Float64Array;
  y: Float64Array;
}

type Multiply = (x: Termed, y: Termed) => Promise<Block>;

/** All products take at most this many numbers: 256 MiB. */
const MOST_PRODUCTS = 2 ** 26;

export async function kernelSums(
  { reference, generated }: Record<Side, Samples>,
  pairs: readonly SubsetPair[],
  products: Products,
): Promise<KernelSums> {
  const all = reference.count ** 2 + reference.count * generated.count + generated.count ** 2;
  const ofSubsets = pairs.reduce((sum, pair) => sum + 3 * pair.reference.length ** 2, 0);
  const centre = centreOf(reference, generated);
  const multiply: Multiply = async (x, y) => ({
    products: await products(x.samples.data, y.samples.data, centre),
    x: x.terms,
    y: y.terms,
  });
  const sides = { reference: withTerms(reference, centre), generated: withTerms(generated, centre) };
  return all <= Math.min(MOST_PRODUCTS, ofSubsets) ? sumsOfAll(sides, multiply) : sumsOfEach(sides, multiply);
}

function withTerms(samples: Samples, centre: Float32Array): Termed {
  const { data, count, dims } = samples;
  const half = centre.reduce((sum, c) => sum + c * c, 0) / 2;
  const terms = Float64Array.from({ length: count }, (_, i) => {
    let product = 0;
    for (let j = 0; j < dims; j++) product += centre[j]! * (data[i * dims + j]! - centre[j]!);
    return product + half;
  });
  return { samples, terms };
}

async function sumsOfAll({ reference, generated }: Sides, multiply: Multiply): Promise<KernelSums> {
  const { dims } = reference.samples;
  const within = {
    reference: await multiply(reference, reference),
    generated: await multiply(generated, generated),
  };
  const between = await multiply(reference, generated);
  return {
    within: async (side, rows) => kernelSum(within[side], rows, rows, dims, true),
    between: async (r, g) => kernelSum(between, r, g, dims, false),
  };
}

function sumsOfEach(sides: Sides, multiply: Multiply): KernelSums {
  const { dims } = sides.reference.samples;
  const select = ({ samples, terms }: Termed, rows: Int32Array): Termed => ({
    samples: selectSamples(samples, rows),
    terms: Float64Array.from(rows, (row) => terms[row]!),
  });
  const sum = async (x: Termed, y: Termed, triangle: boolean): Promise<number> => {
    const every = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
    return kernelSum(await multiply(x, y), every(x.terms.length), every(y.terms.length), dims, triangle);
  };
  return {
    within: (side, rows) => {
      const x = select(sides[side], rows);
      return sum(x, x, true);
    },
    between: (r, g) => sum(select(sides.reference, r), select(sides.generated, g), false),
  };
}

/** Sum of (x.y / dims + 1)^3 over pairs of `rows` and `columns`; of `triangle`, those where the column comes after the row. */
function kernelSum(
  { products, x, y }: Block,
  rows: Int32Array,
  columns: Int32Array,
  dims: number,
  triangle: boolean,
): number {
  const gamma = 1 / dims;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const offset = row * y.length;
    const term = x[row]!;
    let sum = 0;
    for (let j = triangle ? i + 1 : 0; j < columns.length; j++) {
      const column = columns[j]!;
      const k = (products[offset + column]! + term + y[column]!) * gamma + 1;
      sum += k * k * k;
    }
    total += sum;
  }
  return total;
}
