/** `pnpm data` as a person or a program calls it: what is printed, and the exit code. */

import { join } from "node:path";
import { runProgram } from "@touchstone/cli";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { digitFiles, emptyCache, expectCounts, writeFiles } from "../../test/homework.ts";
import { temporaryFolder } from "../../test/image-files.ts";
import { dataCommand } from "./data.ts";

let cache: string;
beforeEach(() => {
  cache = join(emptyCache(), "datasets");
});
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function data(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const printed = { out: "", err: "" };
  const into = (key: "out" | "err") => (text: unknown) => {
    printed[key] += text;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(into("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(into("err"));
  const exitCode = await runProgram(dataCommand(), argv);
  vi.restoreAllMocks();
  return { exitCode, ...printed };
}

const usps = async () =>
  writeFiles(temporaryFolder(), {
    ...(await digitFiles("usps/train", 3, 16)),
    ...(await digitFiles("usps/val", 2, 16)),
  });

describe("list", () => {
  it("says what is where, and on which terms", async () => {
    const folder = await usps();
    const { exitCode, out } = await data("list", "--data", folder);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^usps\/val +2,007 {2}data folder +digits from envelopes/m);
    expect(out).toMatch(/^mnist\/test +10,000 {2}npm package/m);
    expect(out).toMatch(/^mnist-m\/train +- {2}made when needed/m);
    expect(out).toMatch(/^svhn\/val +2,000 {2}- /m);
    expect(out).toMatch(/^faces +.*non-commercial/m);
    expect(out).toContain(folder);
  });

  it("as JSON", async () => {
    const folder = await usps();
    const { out, err } = await data("list", "--json", "--data", folder);
    const row = JSON.parse(out).find(({ name }: { name: string }) => name === "usps/val");
    expect(row).toMatchObject({
      dataset: "usps",
      images: 2_007,
      places: [{ kind: "data folder", path: join(folder, "digits/usps/val") }],
    });
    expect(err).toBe("");
  });
});

describe("verify", () => {
  it("counts and decodes one split, a data set, or all that is there", async () => {
    expectCounts({ "usps/train": 3, "usps/val": 2 });
    const folder = await usps();
    const one = await data("verify", "usps/val", "--data", folder);
    expect(one.exitCode).toBe(0);
    expect(one.out).toMatch(/^usps\/val +2 {2}sound {3}data folder/m);
    expect(one.out).not.toMatch(/usps\/train/);
    const both = await data("verify", "usps", "--data", folder, "--json");
    expect(
      JSON.parse(both.out).map(({ split, count }: { split: string; count: number }) => [split, count]),
    ).toEqual([
      ["usps/train", 3],
      ["usps/val", 2],
    ]);
  });

  it("names what is wrong, and exits with 2", async () => {
    expectCounts({ "usps/train": 7, "usps/val": 2 });
    const folder = writeFiles(await usps(), { "digits/usps/val/00001.png": "text" });
    const { exitCode, out } = await data("verify", "usps", "--data", folder);
    expect(exitCode).toBe(2);
    expect(out).toMatch(/^usps\/train +- {2}WRONG/m);
    expect(out).toMatch(/usps\/train: .*expected 7 images, found 3/);
    expect(out).toMatch(/00001\.png: expected PNG/);
  });

  it("of a data set that is nowhere says how to get it", async () => {
    const { exitCode, out, err } = await data("verify", "usps/val");
    expect([exitCode, out]).toEqual([2, ""]);
    expect(err).toMatch(/usps\/val: expected it in the cache .*pnpm data pull usps/);
  });
});

describe("import", () => {
  it("copies into the cache", async () => {
    expectCounts({ "usps/train": 3, "usps/val": 2 });
    const { exitCode, out } = await data("import", "usps", await usps());
    expect([exitCode, out]).toEqual([0, `usps: ${join(cache, "hw2_data/digits/usps")}\n`]);
    expect((await data("list")).out).toMatch(/^usps\/val +2 {2}cache/m);
  });

  it("of something else ends with 2 and one line", async () => {
    const { exitCode, err } = await data("import", "svhn", await usps());
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^data: .*expected test_32x32\.mat, or a folder or zip with digits\/svhn\//);
    expect(err.trim().split("\n").length).toBe(1);
  });
});

describe("pull", () => {
  it("has nothing to do for what a package brings", async () => {
    expect(await data("pull", "mnist")).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^mnist: comes with an npm package/),
    });
    expect(JSON.parse((await data("pull", "mnist", "--json")).out)).toEqual([{ name: "mnist", files: [] }]);
  });

  it.each([
    [["pull", "usps", "--offline"], /--offline forbids/],
    [["pull", "faces"], /pnpm data import faces PATH/],
    [["pull", "cifar"], /"cifar": expected the name of a data set \(mnist, mnist-m, usps/],
    [["pull"], /missing required argument 'name'/],
    [["verify", "usps", "--data", "/nowhere"], /\/nowhere: expected a folder with hw2_data\//],
    [["fetch"], /unknown command 'fetch'/],
    [[], /Usage: data/],
  ])("%j ends with 2", async (argv, message) => {
    const { exitCode, err } = await data(...argv);
    expect(err).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

it.each(["list", "pull", "import", "verify"])("%s --help shows an example", async (verb) => {
  const { exitCode, out } = await data(verb, "--help");
  expect(exitCode).toBe(0);
  expect(out).toMatch(new RegExp(`Example: pnpm data ${verb} `));
});
