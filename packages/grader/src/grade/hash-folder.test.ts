import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderOf, temporaryFolder } from "../../../datasets/test/image-files.ts";
import { hashFile, hashFolder, hashListing } from "./hash-folder.ts";

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

it("hashListing changes with names, sizes and times, also behind a link", async () => {
  const folder = folderOf({ "0.png": "12", "1.png": "34" });
  const link = join(temporaryFolder(), "link");
  symlinkSync(folder, link);
  symlinkSync("nowhere", join(folder, "dangling"));
  const seen = new Set([await hashListing(link)]);
  expect(await hashListing(folder)).toBe([...seen][0]);
  for (const change of [
    () => utimesSync(join(folder, "0.png"), 1, 1),
    () => writeFileSync(join(folder, "1.png"), "345"),
    () => rmSync(join(folder, "0.png")),
  ]) {
    change();
    seen.add(await hashListing(link));
  }
  expect(seen.size).toBe(4);
  expect(await hashListing(join(folder, "1.png"))).toMatch(/^[0-9a-f]{64}$/);
});
