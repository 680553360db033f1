/** Files of statistics that nobody should have written: each is an error that says what is wrong with it. */

import { readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  fingerprintOf,
  npy,
  npyWithHeader,
  statisticsOf,
  temporaryFolder,
  writeZip,
} from "../../test/statistics-files.ts";
import { exportStatistics, readStatistics } from "./statistics-file.ts";

const inFolder = temporaryFolder();
const MU = npy([1, 2], [2]);
const SIGMA = npy([2, 1, 1, 2], [2, 2]);

describe("hostile and broken files", () => {
  const json = (changes: object) =>
    JSON.stringify({ format: "touchstone-statistics-1", ...fingerprintOf(9, 2), ...changes });

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
      { "mu.npy": npyWithHeader("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 16) },
      "<i8",
    ],
    [
      "records",
      { "mu.npy": npyWithHeader("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", 16) },
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
    const found = await readStatistics(await writeZip(inFolder("bad.npz"), members)).catch(
      (error: Error) => error,
    );
    expect(found, name).toMatchObject({ code: "FID_INVALID_STATISTICS", exitCode: 2 });
    expect((found as Error).message).toContain(message);
    expect((found as Error).message).toContain("bad.npz");
  });

  it("a bomb: a huge array of zeros, and one that claims to be small", async () => {
    const shape = "'shape': (100000000,), }";
    const huge = npyWithHeader(`{'descr': '<f8', 'fortran_order': False, ${shape}`, 1 << 20);
    for (const bytes of [huge, Buffer.concat([MU, Buffer.alloc(50 << 20)])]) {
      const path = await writeZip(inFolder("bomb.npz"), { "mu.npy": bytes, "sigma.npy": SIGMA });
      expect((await stat(path)).size).toBeLessThan(100_000);
      await expect(readStatistics(path)).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
    }
  });

  it("a member that unpacks to more than it says", async () => {
    const swollen = Buffer.concat([MU, Buffer.alloc(10_000)]);
    const path = await writeZip(inFolder("liar.npz"), { "mu.npy": swollen, "sigma.npy": SIGMA });
    const bytes = await readFile(path);
    bytes.writeUInt32LE(MU.length, bytes.indexOf("PK\x01\x02", 0, "latin1") + 24);
    await writeFile(path, bytes);
    await expect(readStatistics(path)).rejects.toMatchObject({ code: "FID_INVALID_STATISTICS" });
  });

  it("truncated in 30 places, or with one byte changed (every third in turn), it is an error or the very same statistics", async () => {
    await exportStatistics(inFolder("whole.npz"), statisticsOf(9, 3));
    const whole = await readFile(inFolder("whole.npz"));
    const expected = (await readStatistics(inFolder("whole.npz"))).statistics;
    const damaged = [
      ...Array.from({ length: 30 }, (_, i) => whole.subarray(0, Math.floor((whole.length * i) / 30))),
      ...Array.from({ length: whole.length / 3 }, (_, i) =>
        Buffer.from(whole).fill(whole[3 * i]! ^ 0x55, 3 * i, 3 * i + 1),
      ),
    ];
    let refused = 0;
    for (const bytes of damaged) {
      await writeFile(inFolder("damaged.npz"), bytes);
      const found = await readStatistics(inFolder("damaged.npz")).catch((error: Error) => error);
      if (found instanceof Error) {
        refused++;
        expect(found).toMatchObject({ code: expect.stringMatching(/^FID_/), exitCode: 2 });
      } else {
        expect(found.statistics).toEqual(expected);
      }
    }
    expect(refused).toBeGreaterThan(damaged.length / 2);
  }, 30_000);

  it("two members of one name", async () => {
    const path = await writeZip(inFolder("twice.npz"), { "mu.npy": MU, "nu.npy": MU, "sigma.npy": SIGMA });
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
