/** Sums of the polynomial kernel over subsets: from all products, computed once, or where these are too many from each subset's own. */

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

type Sides = Record<Side, Samples>;

/** All products take at most this many numbers: 256 MiB. */
const MOST_PRODUCTS = 2 ** 26;

export async function kernelSums(
  sides: Sides,
  pairs: readonly SubsetPair[],
  products: Products,
): Promise<KernelSums> {
  const { reference, generated } = sides;
  const all = reference.count ** 2 + reference.count * generated.count + generated.count ** 2;
  const ofSubsets = pairs.reduce((sum, pair) => sum + 3 * pair.reference.length ** 2, 0);
  const uncentred = new Float32Array(reference.dims);
  const product = (x: Samples, y: Samples) => products(x.data, y.data, uncentred);
  return all <= Math.min(MOST_PRODUCTS, ofSubsets) ? sumsOfAll(sides, product) : sumsOfEach(sides, product);
}

type Product = (x: Samples, y: Samples) => Promise<Float32Array>;

async function sumsOfAll({ reference, generated }: Sides, product: Product): Promise<KernelSums> {
  const [rr, gg, rg] = [
    await product(reference, reference),
    await product(generated, generated),
    await product(reference, generated),
  ];
  const counts = { reference: reference.count, generated: generated.count };
  const { dims } = reference;
  return {
    within: async (side, rows) =>
      kernelSum(side === "reference" ? rr : gg, counts[side], rows, rows, dims, true),
    between: async (r, g) => kernelSum(rg, generated.count, r, g, dims, false),
  };
}

function sumsOfEach(sides: Sides, product: Product): KernelSums {
  const sum = async (x: Samples, y: Samples, triangle: boolean): Promise<number> => {
    const every = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
    return kernelSum(await product(x, y), y.count, every(x.count), every(y.count), x.dims, triangle);
  };
  return {
    within: (side, rows) => {
      const x = selectSamples(sides[side], rows);
      return sum(x, x, true);
    },
    between: (r, g) => sum(selectSamples(sides.reference, r), selectSamples(sides.generated, g), false),
  };
}

/** Sum over pairs of `rows` and `columns` of (p / dims + 1)^3 with p their product; of `triangle`, those where the column comes after the row. */
function kernelSum(
  products: Float32Array,
  width: number,
  rows: Int32Array,
  columns: Int32Array,
  dims: number,
  triangle: boolean,
): number {
  const gamma = 1 / dims;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const offset = rows[i]! * width;
    let sum = 0;
    for (let j = triangle ? i + 1 : 0; j < columns.length; j++) {
      const k = products[offset + columns[j]!]! * gamma + 1;
      sum += k * k * k;
    }
    total += sum;
  }
  return total;
}
