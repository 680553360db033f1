import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderOf, temporaryFolder } from "../../../datasets/test/image-files.ts";
import { hashData, hashFile, hashFolder } from "./hash-folder.ts";

const submission = () => {
  const folder = folderOf({ "run.sh": "echo", "b.py": "1" });
  mkdirSync(join(folder, "models"));
  symlinkSync("b.py", join(folder, "link"));
  return folder;
};

it("hashFile is sha256sum's", async () => {
  const file = join(folderOf({ a: "touchstone\n" }), "a");
  const [sum] = execFileSync("sha256sum", [file], { encoding: "utf8" }).split(" ");
  expect(await hashFile(file)).toBe(sum);
});

it("hashFolder is the same for the same content, wherever and whenever", async () => {
  const [a, b] = [submission(), submission()];
  utimesSync(join(b, "b.py"), 0, 0);
  expect(await hashFolder(a)).toBe(await hashFolder(b));
  expect(await hashFolder(temporaryFolder())).toMatch(/^[0-9a-f]{64}$/);
});

it.each<[string, (folder: string) => void]>([
  ["a file's content", (folder) => writeFileSync(join(folder, "b.py"), "2")],
  ["a file's name", (folder) => renameSync(join(folder, "b.py"), join(folder, "c.py"))],
  ["whether it is executable", (folder) => chmodSync(join(folder, "run.sh"), 0o755)],
  ["an empty folder", (folder) => rmSync(join(folder, "models"), { recursive: true })],
  ["where a file stands", (folder) => renameSync(join(folder, "b.py"), join(folder, "models/b.py"))],
  [
    "a link's target",
    (folder) => {
      rmSync(join(folder, "link"));
      symlinkSync("run.sh", join(folder, "link"));
    },
  ],
  ["a name that looks like two lines", (folder) => writeFileSync(join(folder, 'x"\nfile "y'), "")],
])("hashFolder changes with %s", async (_, change) => {
  const folder = submission();
  const before = await hashFolder(folder);
  change(folder);
  expect(await hashFolder(folder)).not.toBe(before);
});

const data = () => {
  const folder = folderOf({ "0.png": "12" });
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep/1.png"), "34");
  return folder;
};

it("hashData is the same for the same data on another machine, and follows links", async () => {
  const [folder, copy] = [data(), data()];
  utimesSync(join(copy, "0.png"), 1, 1);
  const link = join(temporaryFolder(), "link");
  symlinkSync(folder, link);
  symlinkSync("nowhere", join(folder, "dangling"));
  expect(new Set([await hashData(folder), await hashData(copy), await hashData(link)]).size).toBe(1);
  expect(await hashData(join(folder, "0.png"))).toMatch(/^[0-9a-f]{64}$/);
});

it("hashData changes with names and contents", async () => {
  const folder = data();
  const seen = new Set([await hashData(folder)]);
  for (const change of [
    () => writeFileSync(join(folder, "deep/1.png"), "35"),
    () => renameSync(join(folder, "deep/1.png"), join(folder, "deep/2.png")),
    () => rmSync(join(folder, "0.png")),
  ]) {
    change();
    seen.add(await hashData(folder));
  }
  expect(seen.size).toBe(4);
});
