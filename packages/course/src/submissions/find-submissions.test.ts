import { join } from "node:path";
import { expect, it } from "vitest";
import { folderOf } from "../../test/small-class.ts";
import { assign, findSubmissions } from "./find-submissions.ts";

const found = (names: string[], ids: string[], match = "{student_id}") => assign("/in", names, ids, match);

it("folders are called as the students, and what is nobody's is told", () => {
  const { folders, unknown } = found(["b01", "B02", "notes"], ["b01", "b02", "b03"]);
  expect([...folders]).toEqual([["b01", "/in/b01"]]);
  expect(unknown).toEqual(["B02", "notes"]);
});

it("a glob around the id, of which the longest that fits counts", () => {
  const { folders } = found(["hw2-b0-12-x", "hw2-b0-7", "hw1-b0-1"], ["b0", "b0-12"], "hw2-{student_id}-*");
  expect([...folders]).toEqual([
    ["b0-12", "/in/hw2-b0-12-x"],
    ["b0", "/in/hw2-b0-7"],
  ]);
});

it("letters of ids and templates mean themselves", () => {
  expect([...found(["a.c", "abc"], ["a.c"], "{student_id}?").folders]).toEqual([]);
  expect([...found(["(a.c)1", "(abc)1"], ["a.c"], "({student_id})?").folders.values()]).toEqual([
    "/in/(a.c)1",
  ]);
});

it("accents may be written otherwise on disk", () => {
  expect(found(["Jose\u0301"], ["Jos\u00e9"]).folders.get("Jos\u00e9")).toBe("/in/Jose\u0301");
});

it("of two folders of a student somebody must choose", () => {
  const names = ["b01-late", "b01-first"];
  expect(() => found(names, ["b01"], "{student_id}-*")).toThrow(
    /expected one folder .*--match .*\n {2}b01: b01-late, b01-first/s,
  );
  expect([...found(names, ["b01"], "{student_id}-late").folders.values()]).toEqual(["/in/b01-late"]);
});

it("a template needs the id once", () => {
  for (const match of ["hw2-*", "{student_id}-{student_id}", "a/{student_id}"])
    expect(() => found([], [], match)).toThrow(/--match: expected a folder's name with \{student_id\} once/);
});

it("files, and folders that begin with a dot, are no submissions", async () => {
  const folder = folderOf({ "b01/run.sh": "", b02: "", ".git/config": "" });
  expect(await findSubmissions(folder, ["b01", "b02"])).toEqual({
    folders: new Map([["b01", join(folder, "b01")]]),
    unknown: [],
  });
  await expect(findSubmissions(join(folder, "none"), [])).rejects.toThrow(/found nothing there/);
  await expect(findSubmissions(join(folder, "b02"), [])).rejects.toThrow(/found no folder/);
});

it("a thousand students with a glob", () => {
  const ids = Array.from({ length: 1000 }, (_, i) => `s${i}`);
  const names = ids.map((id) => `hw-${id}-final`);
  const { folders, unknown } = found(names, ids, "hw-{student_id}-*");
  expect([folders.size, unknown.length, folders.get("s7")]).toEqual([1000, 0, "/in/hw-s7-final"]);
});
