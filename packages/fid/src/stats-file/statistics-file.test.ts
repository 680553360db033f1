/** Statistics written and read: NumPy's files and our own. */

import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, readlink, stat, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fingerprintOf, statisticsOf, temporaryFolder } from "../../test/statistics-files.ts";
import { covarianceOf } from "../statistics/index.ts";
import { exportStatistics, readStatistics, writeStatistics } from "./statistics-file.ts";

const inFolder = temporaryFolder();
const golden = (name: string) =>
  fileURLToPath(new URL(`../../../../fixtures/golden/frechet/${name}`, import.meta.url));

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
    await writeStatistics(inFolder("own.npz"), statistics, fingerprintOf(n, d));
    expect(await readStatistics(inFolder("own.npz"))).toEqual({
      statistics,
      fingerprint: fingerprintOf(n, d),
    });
  });

  it("the same bytes every time", async () => {
    await writeStatistics(inFolder("a.npz"), statisticsOf(9, 4), fingerprintOf(9, 4));
    await writeStatistics(inFolder("b.npz"), statisticsOf(9, 4), fingerprintOf(9, 4));
    expect(await readFile(inFolder("a.npz"))).toEqual(await readFile(inFolder("b.npz")));
  });

  it("a fingerprint of other statistics is not written", async () => {
    const written = writeStatistics(inFolder("never.npz"), statisticsOf(9, 4), fingerprintOf(8, 4));
    await expect(written).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
    await expect(stat(inFolder("never.npz"))).rejects.toThrow("ENOENT");
  });

  it("a link stays a link, and nothing temporary stays", async () => {
    await exportStatistics(inFolder("target.npz"), statisticsOf(9, 4));
    await symlink(inFolder("target.npz"), inFolder("link.npz"));
    await exportStatistics(inFolder("link.npz"), statisticsOf(20, 4));
    expect(await readlink(inFolder("link.npz"))).toBe(inFolder("target.npz"));
    expect((await readStatistics(inFolder("target.npz"))).statistics.mean).toEqual(statisticsOf(20, 4).mean);
    expect(
      (await readdir(dirname(inFolder("any")))).filter((name) => name.startsWith(".touchstone")),
    ).toEqual([]);
  });

  it.each([
    ["no such folder", "nowhere/a.npz"],
    ["a folder in its place", "taken.npz"],
  ])("%s: an error that names the path", async (_, name) => {
    await mkdir(inFolder("taken.npz"), { recursive: true });
    const found = await exportStatistics(inFolder(name), statisticsOf(9, 4)).catch((error: Error) => error);
    expect(found).toMatchObject({ code: "FID_STATISTICS_WRITE", exitCode: 4 });
    expect((found as Error).message).toContain(name);
    expect(
      (await readdir(dirname(inFolder("any")))).filter((other) => other.startsWith(".touchstone")),
    ).toEqual([]);
  });
});
