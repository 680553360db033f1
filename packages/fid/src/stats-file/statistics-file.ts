/**
 * Statistics on disk: .npz archives (zips of .npy arrays).
 *
 * pytorch-fid, clean-fid and EDM store `mu` and `sigma`, which is what `exportStatistics` writes. `writeStatistics` adds
 * `touchstone.json`, which says how they were computed, and up to n = dims stores the centred features in sigma's place:
 * `features`, of which sigma = features^T features / (n - 1). `readStatistics` reads all of these.
 */

import { replaceFile } from "@touchstone/nn";
import { covarianceOf, type Statistics } from "../statistics/index.ts";
import { InvalidStatisticsError, StatisticsWriteError } from "./errors.ts";
import { type Fingerprint, parseFingerprint } from "./fingerprint.ts";
import { encodeNpy } from "./npy.ts";
import { readCovariance, readFeatures, readMean } from "./read-arrays.ts";
import { Archive } from "./read-zip.ts";
import { type Member, zipPieces } from "./write-zip.ts";

const DESCRIPTION = "touchstone.json";
const FORMAT = "touchstone-statistics-1";
const MAX_DESCRIPTION_BYTES = 65_536;

export interface StoredStatistics {
  statistics: Statistics;
  /** Absent in files of other programs. */
  fingerprint?: Fingerprint;
}

/**
 * Writes statistics and how they were computed, atomically.
 *
 * @throws InvalidStatisticsError if the fingerprint is of other statistics, StatisticsWriteError
 */
export async function writeStatistics(
  path: string,
  statistics: Statistics,
  fingerprint: Fingerprint,
): Promise<void> {
  const { dims, spread } = statistics;
  requireSameStatistics(path, statistics, fingerprint);
  const description = JSON.stringify({ format: FORMAT, ...parseFingerprint(fingerprint, path) }, null, 2);
  await writeMembers(path, [
    { name: DESCRIPTION, pieces: [Buffer.from(`${description}\n`)] },
    array("mu", statistics.mean, [dims]),
    spread.kind === "features"
      ? array("features", spread.centred, [spread.n, dims])
      : array("sigma", spread.covariance, [dims, dims]),
  ]);
}

/** Writes mean and covariance for other programs, atomically. @throws StatisticsWriteError */
export async function exportStatistics(path: string, statistics: Statistics): Promise<void> {
  const { dims, mean } = statistics;
  await writeMembers(path, [
    array("mu", mean, [dims]),
    array("sigma", covarianceOf(statistics), [dims, dims]),
  ]);
}

/** @throws UnreadableStatisticsError, InvalidStatisticsError, PickledStatisticsError */
export async function readStatistics(path: string): Promise<StoredStatistics> {
  const archive = await Archive.open(path);
  try {
    const fingerprint = archive.has(DESCRIPTION) ? await readDescription(archive) : undefined;
    const mean = await readMean(archive);
    const dims = mean.length;
    const spread = archive.has("features.npy")
      ? await readFeatures(archive, dims)
      : await readCovariance(archive, dims);
    const n = spread.kind === "features" ? spread.n : fingerprint?.n;
    const statistics: Statistics = { dims, mean, spread, ...(n !== undefined && { n }) };
    if (fingerprint === undefined) return { statistics };
    requireSameStatistics(path, statistics, fingerprint);
    return { statistics, fingerprint };
  } finally {
    archive.close();
  }
}

async function readDescription(archive: Archive): Promise<Fingerprint> {
  const where = `${archive.path}: ${DESCRIPTION}`;
  const size = archive.size(DESCRIPTION);
  if (size > MAX_DESCRIPTION_BYTES) {
    throw new InvalidStatisticsError(where, `at most ${MAX_DESCRIPTION_BYTES} bytes`, `${size}`);
  }
  const text = (await archive.whole(DESCRIPTION)).toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidStatisticsError(where, "JSON", JSON.stringify(text.slice(0, 80)), error);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (format !== FORMAT) throw new InvalidStatisticsError(where, `format ${FORMAT}`, JSON.stringify(format));
  return parseFingerprint(value, where);
}

function requireSameStatistics(path: string, { dims, n }: Statistics, fingerprint: Fingerprint): void {
  if (dims === fingerprint.dims && (n === undefined || n === fingerprint.n)) return;
  throw new InvalidStatisticsError(
    path,
    `statistics of ${fingerprint.n} images and ${fingerprint.dims} features, as their fingerprint says`,
    `${n ?? "any number of"} images and ${dims} features`,
  );
}

const array = (name: string, values: Float64Array, shape: number[]): Member => ({
  name: `${name}.npy`,
  pieces: encodeNpy(values, shape),
});

async function writeMembers(path: string, members: Member[]): Promise<void> {
  await replaceFile(path, zipPieces(members)).catch((cause) => {
    throw new StatisticsWriteError(path, cause);
  });
}
