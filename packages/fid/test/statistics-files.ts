/** Statistics and files for the tests of statistics files, sound ones and such as nobody should write. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ZipFile } from "yazl";
import { goldenFeatures } from "../../../fixtures/golden/frechet/features.ts";
import {
  computeStatistics,
  emptyStatistics,
  type Statistics,
  updateStatistics,
} from "../src/statistics/index.ts";
import type { Fingerprint } from "../src/stats-file/fingerprint.ts";
import { encodeNpy } from "../src/stats-file/npy.ts";

/** A folder for the tests of one file: the path of a name in it. */
export function temporaryFolder(): (name: string) => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "touchstone-statistics-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return (name) => join(folder, name);
}

export function statisticsOf(n: number, d: number): Statistics {
  const state = emptyStatistics(d);
  updateStatistics(state, goldenFeatures({ seed: 1, n, d }));
  return computeStatistics(state);
}

export const fingerprintOf = (n: number, dims: number): Fingerprint => ({
  extractor: "inception-v3-fid",
  version: "1.0.0",
  weightsSha256: "ab".repeat(32),
  resize: "pytorch",
  dims,
  n,
  filesSha256: "cd".repeat(32),
});

/** Writes a zip of these members, deflated, to `path`. */
export async function writeZip(path: string, members: Record<string, Uint8Array | string>): Promise<string> {
  const zip = new ZipFile();
  for (const [member, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), member);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  await writeFile(path, Buffer.concat(chunks));
  return path;
}

export const npy = (values: number[], shape: number[]): Buffer =>
  Buffer.concat(encodeNpy(Float64Array.from(values), shape));

/** A .npy with this header and `bytes` zero bytes behind it. */
export function npyWithHeader(header: string, bytes: number): Buffer {
  const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${header}\n`, "latin1");
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, Buffer.alloc(bytes)]);
}
