/** The arrays of a statistics file, checked for all that a mean and a covariance are. */

import { MAX_DIMS, type Spread } from "../statistics/index.ts";
import { InvalidStatisticsError } from "./errors.ts";
import { decodeNpy, MAX_HEADER_BYTES, parseNpyHeader } from "./npy.ts";
import type { Archive } from "./read-zip.ts";

/** How far S may be from symmetric, relative to its largest variance: what float32 could do. */
const ASYMMETRY = 1e-6;
/** How far the mean of centred features may be from 0, relative to the largest. */
const OFF_CENTRE = 1e-9;

/** `mu`, `[dims]` */
export async function readMean(archive: Archive): Promise<Float64Array> {
  const fits = ([d, ...more]: number[]) => more.length === 0 && d !== undefined && d >= 1 && d <= MAX_DIMS;
  return (await readArray(archive, "mu.npy", `a vector of 1 to ${MAX_DIMS} numbers`, fits)).values;
}

/** `sigma`, `[dims, dims]`; of a single feature, NumPy makes it a number without dimensions. */
export async function readCovariance(archive: Archive, dims: number): Promise<Spread> {
  const where = `${archive.path}: sigma.npy`;
  const fits = (shape: number[]) => shape.join() === `${dims},${dims}` || (dims === 1 && shape.length === 0);
  const expected = `${dims} x ${dims} numbers, as mu.npy has ${dims}`;
  const { values: s } = await readArray(archive, "sigma.npy", expected, fits);
  let largest = 0;
  for (let i = 0; i < dims; i++) {
    const variance = s[i * (dims + 1)]!;
    if (variance < 0) {
      throw new InvalidStatisticsError(where, "variances of at least 0", `${variance} at [${i}, ${i}]`);
    }
    largest = Math.max(largest, variance);
  }
  for (let i = 0; i < dims; i++) {
    for (let j = i + 1; j < dims; j++) {
      const [upper, lower] = [s[i * dims + j]!, s[j * dims + i]!];
      if (!(Math.abs(upper - lower) <= ASYMMETRY * largest)) {
        const found = `${upper} at [${i}, ${j}] and ${lower} at [${j}, ${i}]`;
        throw new InvalidStatisticsError(where, "a symmetric matrix", found);
      }
      s[i * dims + j] = s[j * dims + i] = upper / 2 + lower / 2;
    }
  }
  return { kind: "covariance", covariance: s };
}

/** `features`, `[n, dims]` with 2 <= n <= dims. */
export async function readFeatures(archive: Archive, dims: number): Promise<Spread> {
  const fits = ([n, d, ...more]: number[]) =>
    more.length === 0 && d === dims && n !== undefined && n >= 2 && n <= dims;
  const expected = `2 to ${dims} rows of ${dims} numbers`;
  const { values: centred, shape } = await readArray(archive, "features.npy", expected, fits);
  const n = shape[0]!;
  const largest = centred.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let j = 0; j < dims; j++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += centred[i * dims + j]! / n;
    if (!(Math.abs(mean) <= OFF_CENTRE * largest)) {
      const where = `${archive.path}: features.npy`;
      throw new InvalidStatisticsError(where, "features less their mean", `a mean of ${mean} in column ${j}`);
    }
  }
  return { kind: "features", n, centred };
}

/** An array whose shape `fits`, of finite numbers. Its size is checked against its shape before it is unpacked. */
async function readArray(
  archive: Archive,
  name: string,
  expected: string,
  fits: (shape: number[]) => boolean,
): Promise<{ values: Float64Array; shape: number[] }> {
  const where = `${archive.path}: ${name}`;
  const header = parseNpyHeader(await archive.beginning(name, MAX_HEADER_BYTES), where);
  const { shape, itemBytes, length } = header;
  if (!fits(shape)) throw new InvalidStatisticsError(where, expected, `the shape (${shape.join(", ")})`);
  const bytes = length + itemBytes * shape.reduce((product, side) => product * side, 1);
  if (archive.size(name) !== bytes) {
    throw new InvalidStatisticsError(where, `${bytes} bytes, as its shape says`, `${archive.size(name)}`);
  }
  const values = decodeNpy(await archive.whole(name), header);
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const at = shape.length === 2 ? [Math.floor(bad / shape[1]!), bad % shape[1]!] : [bad];
    throw new InvalidStatisticsError(where, "finite numbers", `${values[bad]} at [${at.join(", ")}]`);
  }
  return { values, shape };
}
