/** Statistics written and read: NumPy's files, our own, and files that nobody should have written. */

import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ZipFile } from "yazl";
import { goldenFeatures } from "../../../../fixtures/golden/frechet/features.ts";
import { computeStatistics, covarianceOf, emptyStatistics, updateStatistics } from "../statistics/index.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { encodeNpy } from "./npy.ts";
import { exportStatistics, readStatistics, writeStatistics } from "./statistics-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "touchstone-statistics-"));
});
afterAll(() => rm(folder, { recursive: true }));
const inFolder = (name: string) => join(folder, name);
const golden = (name: string) =>
  new URL(`../../../../fixtures/golden/frechet/${name}`, import.meta.url).pathname;

function statisticsOf(n: number, d: number) {
  const state = emptyStatistics(d);
  updateStatistics(state, goldenFeatures({ seed: 1, n, d }));
  return computeStatistics(state);
}

const fingerprint = (n: number, dims: number): Fingerprint => ({
  extractor: "inception-v3-fid",
  version: "1.0.0",
  weightsSha256: "ab".repeat(32),
  resize: "pytorch",
  dims,
  n,
  filesSha256: "cd".repeat(32),
});

/** A zip with the members given, packed by yazl. */
async function zipped(members: Record<string, Uint8Array | string>, name: string): Promise<string> {
  const zip = new ZipFile();
  for (const [member, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), member);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  await writeFile(inFolder(name), Buffer.concat(chunks));
  return inFolder(name);
}

const npy = (values: number[], shape: number[]) => Buffer.concat(encodeNpy(Float64Array.from(values), shape));
const MU = npy([1, 2], [2]);
const SIGMA = npy([2, 1, 1, 2], [2, 2]);
/** A .npy with this header and `bytes` zero bytes behind it. */
function withHeader(header: string, bytes: number): Buffer {
  const head = Buffer.from(`\x93NUMPY\x01\x00\0\0${header}\n`, "latin1");
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, Buffer.alloc(bytes)]);
}

describe("NumPy's files", () => {
  const expected = statisticsOf(9, 4);

  it.each([
    ["pytorch-fid.npz", 1e-15],
    ["deflated-fortran.npz", 1e-15],
    ["float32-big-endian.npz", 1e-7],
  ])("%s", async (name, tolerance) => {
    const { statistics, fingerprint: none } = await readStatistics(golden(name));
    expect(none).toBeUndefined();
    expect(statistics).toMatchObject({ dims: 4 });
    expect(statistics.n).toBeUndefined();
    const [found, wanted] = [covarianceOf(statistics), covarianceOf(expected)];
    found.forEach((x, i) => {
      expect(Math.abs(x - wanted[i]!)).toBeLessThan(tolerance);
    });
    statistics.mean.forEach((x, i) => {
      expect(Math.abs(x - expected.mean[i]!)).toBeLessThan(tolerance);
    });
  });

  it("a single feature, whose covariance has no dimensions", async () => {
    const { statistics } = await readStatistics(golden("one-feature.npz"));
    expect(statistics).toMatchObject({ dims: 1 });
    expect(covarianceOf(statistics)[0]).toBeCloseTo(covarianceOf(expected)[0]!, 15);
  });

  it("arrays of objects are refused", async () => {
    await expect(readStatistics(golden("objects.npz"))).rejects.toMatchObject({
      code: "FID_PICKLED_STATISTICS",
      exitCode: 2,
    });
  });

  const python = process.env.PYTHON ?? "python3";
  const hasNumpy = spawnSync(python, ["-c", "import numpy"]).status === 0;
  it.skipIf(!hasNumpy)("what is exported, NumPy reads (skipped without Python and numpy)", async () => {
    const path = inFolder("for-numpy.npz");
    await exportStatistics(path, expected);
    const program = `
import json, sys, numpy
with numpy.load(sys.argv[1]) as file:
    print(json.dumps([file["mu"].tolist(), file["sigma"].tolist(), str(file["sigma"].dtype)]))`;
    const { stdout } = spawnSync(python, ["-c", program, path], { encoding: "utf8" });
    const covariance = Array.from(covarianceOf(expected));
    const rows = [0, 1, 2, 3].map((i) => covariance.slice(4 * i, 4 * i + 4));
    expect(JSON.parse(stdout)).toEqual([Array.from(expected.mean), rows, "float64"]);
  });
});

describe("our own files", () => {
  it.each([
    ["features", 9, 12],
    ["covariance", 30, 12],
  ])("%s come back to the bit", async (kind, n, d) => {
    const statistics = statisticsOf(n, d);
    expect(statistics.spread.kind).toBe(kind);
    await writeStatistics(inFolder("own.npz"), statistics, fingerprint(n, d));
    expect(await readStatistics(inFolder("own.npz"))).toEqual({ statistics, fingerprint: fingerprint(n, d) });
  });

  it("the same bytes every time", async () => {
    await writeStatistics(inFolder("a.npz"), statisticsOf(9, 4), fingerprint(9, 4));
    await writeStatistics(inFolder("b.npz"), statisticsOf(9, 4), fingerprint(9, 4));
    expect(await readFile(inFolder("a.npz"))).toEqual(await readFile(inFolder("b.npz")));
  });

  it("a fingerprint of other statistics is not written", async () => {
    const written = writeStatistics(inFolder("never.npz"), statisticsOf(9, 4), fingerprint(8, 4));
    await expect(written).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
    await expect(stat(inFolder("never.npz"))).rejects.toThrow("ENOENT");
  });

  it("a link stays a link, and nothing temporary stays", async () => {
    await exportStatistics(inFolder("target.npz"), statisticsOf(9, 4));
    await symlink(inFolder("target.npz"), inFolder("link.npz"));
    await exportStatistics(inFolder("link.npz"), statisticsOf(20, 4));
    expect(await readlink(inFolder("link.npz"))).toBe(inFolder("target.npz"));
    expect((await readStatistics(inFolder("target.npz"))).statistics.mean).toEqual(statisticsOf(20, 4).mean);
    expect((await readdir(folder)).filter((name) => name.startsWith(".touchstone"))).toEqual([]);
  });

  it.each([
    ["no such folder", "nowhere/a.npz"],
    ["a folder in its place", "taken.npz"],
  ])("%s: an error that names the path", async (_, name) => {
    await mkdir(inFolder("taken.npz"), { recursive: true });
    const found = await exportStatistics(inFolder(name), statisticsOf(9, 4)).catch((error: Error) => error);
    expect(found).toMatchObject({ code: "FID_STATISTICS_WRITE", exitCode: 4 });
    expect((found as Error).message).toContain(name);
    expect((await readdir(folder)).filter((other) => other.startsWith(".touchstone"))).toEqual([]);
  });
});

describe("hostile and broken files", () => {
  const json = (changes: object) =>
    JSON.stringify({ format: "touchstone-statistics-1", ...fingerprint(9, 2), ...changes });

  it.each<[string, Record<string, Uint8Array | string>, string]>([
    ["no sigma", { "mu.npy": MU }, "a member sigma.npy"],
    ["neither array", { "data.pkl": "x" }, "data.pkl"],
    ["mu of the wrong shape", { "mu.npy": SIGMA, "sigma.npy": SIGMA }, "a vector"],
    ["sigma of the wrong shape", { "mu.npy": MU, "sigma.npy": npy([1], [1, 1]) }, "2 x 2"],
    ["a sigma that is not square", { "mu.npy": MU, "sigma.npy": npy([1, 0], [1, 2]) }, "2 x 2"],
    ["an asymmetric sigma", { "mu.npy": MU, "sigma.npy": npy([2, 1, 0, 2], [2, 2]) }, "symmetric"],
    ["a negative variance", { "mu.npy": MU, "sigma.npy": npy([2, 0, 0, -1], [2, 2]) }, "[1, 1]"],
    ["NaN in mu", { "mu.npy": npy([1, Number.NaN], [2]), "sigma.npy": SIGMA }, "NaN at [1]"],
    ["an infinity in sigma", { "mu.npy": MU, "sigma.npy": npy([1, 0, 0, Infinity], [2, 2]) }, "[1, 1]"],
    ["no NumPy array", { "mu.npy": "hello", "sigma.npy": SIGMA }, "NumPy array"],
    ["half a header", { "mu.npy": MU.subarray(0, 20), "sigma.npy": SIGMA }, "whole header"],
    [
      "fewer numbers than the shape says",
      { "mu.npy": MU.subarray(0, -8), "sigma.npy": SIGMA },
      "as its shape",
    ],
    ["more numbers than the shape says", { "mu.npy": Buffer.concat([MU, MU]), "sigma.npy": SIGMA }, "as its"],
    ["an empty mu", { "mu.npy": npy([], [0]), "sigma.npy": npy([], [0, 0]) }, "a vector"],
    [
      "whole numbers",
      { "mu.npy": withHeader("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 16) },
      "<i8",
    ],
    [
      "records",
      { "mu.npy": withHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", 16) },
      "header",
    ],
    ["a format from the future", { "mu.npy": Buffer.from(MU).fill(9, 6, 7) }, "format 9"],
    ["a description that is no JSON", { "touchstone.json": "{", "mu.npy": MU, "sigma.npy": SIGMA }, "JSON"],
    [
      "another format",
      { "touchstone.json": json({ format: "x" }), "mu.npy": MU, "sigma.npy": SIGMA },
      "format",
    ],
    ["a bad hash", { "touchstone.json": json({ weightsSha256: "x" }), "mu.npy": MU }, "weightsSha256"],
    [
      "a description of something else",
      { "touchstone.json": json({ dims: 3 }), "mu.npy": MU, "sigma.npy": SIGMA },
      "fingerprint",
    ],
    ["features with a mean", { "mu.npy": MU, "features.npy": npy([1, 2, 3, 4], [2, 2]) }, "less their mean"],
    [
      "more features than dimensions",
      { "mu.npy": MU, "features.npy": npy([1, 1, -1, -1, 0, 0], [3, 2]) },
      "2 to 2 rows",
    ],
  ])("%s", async (name, members, message) => {
    const found = await readStatistics(await zipped(members, "bad.npz")).catch((error: Error) => error);
    expect(found, name).toMatchObject({ code: "FID_INVALID_STATISTICS", exitCode: 2 });
    expect((found as Error).message).toContain(message);
    expect((found as Error).message).toContain("bad.npz");
  });

  it("a bomb: a huge array of zeros, and one that claims to be small", async () => {
    const shape = "'shape': (100000000,), }";
    const huge = withHeader(`{'descr': '<f8', 'fortran_order': False, ${shape}`, 1 << 20);
    for (const bytes of [huge, Buffer.concat([MU, Buffer.alloc(50 << 20)])]) {
      const path = await zipped({ "mu.npy": bytes, "sigma.npy": SIGMA }, "bomb.npz");
      expect((await stat(path)).size).toBeLessThan(100_000);
      await expect(readStatistics(path)).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
    }
  });

  it("a member that unpacks to more than it says", async () => {
    const path = await zipped(
      { "mu.npy": Buffer.concat([MU, Buffer.alloc(10_000)]), "sigma.npy": SIGMA },
      "liar.npz",
    );
    const bytes = await readFile(path);
    bytes.writeUInt32LE(MU.length, bytes.indexOf("PK\x01\x02", 0, "latin1") + 24);
    await writeFile(path, bytes);
    await expect(readStatistics(path)).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
  });

  it("every truncation, and every single changed byte, is an error or the very same statistics", async () => {
    await exportStatistics(inFolder("whole.npz"), statisticsOf(9, 3));
    const whole = await readFile(inFolder("whole.npz"));
    const expected = (await readStatistics(inFolder("whole.npz"))).statistics;
    const damaged = [
      ...Array.from({ length: 30 }, (_, i) => whole.subarray(0, Math.floor((whole.length * i) / 30))),
      ...Array.from({ length: whole.length / 3 }, (_, i) =>
        Buffer.from(whole).fill(whole[3 * i]! ^ 0x55, 3 * i, 3 * i + 1),
      ),
    ];
    for (const bytes of damaged) {
      await writeFile(inFolder("damaged.npz"), bytes);
      const found = await readStatistics(inFolder("damaged.npz")).catch((error: Error) => error);
      if (found instanceof Error) expect(found).toMatchObject({ code: /^FID_/, exitCode: 2 });
      else expect(found.statistics).toEqual(expected);
    }
  }, 30_000);

  it("two members of one name", async () => {
    const path = await zipped({ "mu.npy": MU, "nu.npy": MU, "sigma.npy": SIGMA }, "twice.npz");
    const text = (await readFile(path)).toString("latin1").replaceAll("nu.npy", "mu.npy");
    await writeFile(path, Buffer.from(text, "latin1"));
    await expect(readStatistics(path)).rejects.toThrow('two members "mu.npy"');
  });

  it("a pickle", async () => {
    await writeFile(inFolder("edm.pkl"), Buffer.from([0x80, 4, 0x95]));
    await expect(readStatistics(inFolder("edm.pkl"))).rejects.toMatchObject({
      code: "FID_PICKLED_STATISTICS",
    });
  });

  it.each([
    ["nothing there", "absent.npz"],
    ["a folder", "."],
  ])("%s", async (what, name) => {
    const found = await readStatistics(inFolder(name)).catch((error: Error) => error);
    expect(found).toMatchObject({ code: "FID_UNREADABLE_STATISTICS", exitCode: 2 });
    expect((found as Error).message).toContain(what);
  });

  it("a device, which would never end", async () => {
    await expect(readStatistics("/dev/zero")).rejects.toMatchObject({ code: "FID_UNREADABLE_STATISTICS" });
  });

  it.each(["", "no zip at all"])("the text %j", async (text) => {
    await writeFile(inFolder("text.npz"), text);
    await expect(readStatistics(inFolder("text.npz"))).rejects.toMatchObject({
      code: "FID_INVALID_STATISTICS",
    });
  });
});
