/** Folder or zip, by what is there, and clear errors for everything else. */

import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOf, png, temporaryFolder, zipOf } from "../../test/image-files.ts";
import { DatasetError, refuseProblems } from "../errors.ts";
import { openImages } from "./open.ts";

async function failure(path: string): Promise<DatasetError> {
  const error = await openImages(path).then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(DatasetError);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(path);
  return error;
}

describe("openImages", () => {
  it("takes a folder, a link to a folder, and a zip whatever it is called", async () => {
    const folder = folderOf({ "a.png": await png(1) });
    const elsewhere = join(temporaryFolder(), "link");
    symlinkSync(folder, elsewhere, "junction");
    const zip = await zipOf([{ name: "a.png", content: await png(1) }]);
    for (const [path, kind] of [
      [folder, "folder"],
      [elsewhere, "folder"],
      [zip, "zip"],
    ] as const) {
      const source = await openImages(path);
      expect([source.kind, source.path, source.entries.length]).toEqual([kind, path, 1]);
      expect(await source.read(source.entries[0]!)).toEqual(new Uint8Array(await png(1)));
      await source.close();
    }
  });

  it("nothing there", async () => {
    const error = await failure(join(temporaryFolder(), "missing"));
    expect(error.code).toBe("DATASETS_UNREADABLE_PATH");
    expect(error.message).toContain("expected a folder or a zip of images, found nothing there");
  });

  it.each([
    ["a PNG", "a.png", "a file that is no zip"],
    ["an empty file", "empty.zip", "an empty file"],
  ])("%s", async (_, name, found) => {
    const folder = folderOf({ "a.png": await png(1), "empty.zip": "" });
    const error = await failure(join(folder, name));
    expect(error.code).toBe("DATASETS_WRONG_PATH_KIND");
    expect(error.message).toContain(found);
  });

  it.skipIf(process.platform === "win32")("a pipe does not block (not on Windows)", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [pipe]);
    expect((await failure(pipe)).code).toBe("DATASETS_WRONG_PATH_KIND");
  });

  it("an empty folder, and one that only has folders", async () => {
    const folder = temporaryFolder();
    expect((await failure(folder)).code).toBe("DATASETS_NO_IMAGES");
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "inner", "a.png"), "a");
    expect((await failure(folder)).message).toContain(
      'There are folders inside (1); ask for them with "recursive"',
    );
  });

  it("a folder with problems only lists them", async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.txt`, "x"]));
    const error = await failure(folderOf(files));
    expect(error).toMatchObject({ code: "DATASETS_NO_IMAGES", problems: { length: 12 } });
    expect(error.message).toMatch(
      /\n {2}0\.txt: expected a name in .+\n {2}1\.txt: (.|\n)*\n {2}and 2 more$/,
    );
  });
});

it("a strict caller refuses all problems in one error", async () => {
  const source = await openImages(folderOf({ "a.png": await png(1), "b.txt": "b", "c.png": "" }));
  expect(() => refuseProblems(source.path, source.problems)).toThrow(
    /found 2 problems\.\n {2}b\.txt: expected .+\n {2}c\.png: expected an image, found 0 bytes$/,
  );
  expect(() => refuseProblems(source.path, [])).not.toThrow();
});
