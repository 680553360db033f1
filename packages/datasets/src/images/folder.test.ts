/** Folders as submissions leave them, hostile ones included. */

import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderOf, png, temporaryFolder } from "../../test/image-files.ts";
import { openImages } from "./open.ts";
import type { ImageSource } from "./source.ts";

const windows = process.platform === "win32";
const names = ({ entries }: ImageSource) => entries.map(({ name }) => name);
const kinds = ({ problems }: ImageSource) =>
  Object.fromEntries(problems.map(({ file, kind }) => [file, kind] as const));

describe("what is listed", () => {
  it("images by natural order, with their sizes", async () => {
    const source = await openImages(
      folderOf({ "10.png": "abc", "2.PNG": "a", "1.jpeg": "a", "3.webp": "a", "1.jpg": "a" }),
    );
    expect(names(source)).toEqual(["1.jpeg", "1.jpg", "2.PNG", "3.webp", "10.png"]);
    expect(source.entries.at(-1)!.size).toBe(3);
    expect(source.problems).toEqual([]);
  });

  it("litter is passed over, other files are problems", async () => {
    const folder = folderOf({
      "a.png": "a",
      ".hidden.png": "a",
      "._a.png": "a",
      "Thumbs.db": "a",
      "desktop.ini": "a",
      "notes.txt": "a",
      png: "a",
      "empty.png": "",
    });
    mkdirSync(join(folder, "__MACOSX"));
    const source = await openImages(folder, { recursive: true });
    expect(names(source)).toEqual(["a.png"]);
    expect(kinds(source)).toEqual({ "notes.txt": "not-an-image", png: "not-an-image", "empty.png": "empty" });
  });

  it("images of formats that are not read are problems of their own", async () => {
    const others = ["1.bmp", "2.TIF", "3.tiff", "4.ppm", "5.pgm", "6.pbm", "7.gif", "8.avif", "9.jfif"];
    const folder = folderOf(
      Object.fromEntries([...others, "a.png", "gif", "notes.gif.txt"].map((name) => [name, "a"])),
    );
    const source = await openImages(folder);
    expect(names(source)).toEqual(["a.png"]);
    expect(kinds(source)).toEqual({
      ...Object.fromEntries(others.map((name) => [name, "other-format"])),
      gif: "not-an-image",
      "notes.gif.txt": "not-an-image",
    });
    expect(source.problems[1]!.message).toBe(
      "expected a name in .png, .jpg, .jpeg or .webp, the formats that are read, found .TIF; convert it",
    );
  });

  it("folders inside only when asked for", async () => {
    const folder = folderOf({ "1.png": "a" });
    for (const inner of ["10", "9", "9/deep", ".git"]) {
      mkdirSync(join(folder, inner));
      writeFileSync(join(folder, inner, "1.png"), "a");
    }
    expect(names(await openImages(folder))).toEqual(["1.png"]);
    const all = await openImages(folder, { recursive: true });
    expect(names(all)).toEqual(["1.png", "9/1.png", "9/deep/1.png", "10/1.png"]);
    expect(Buffer.from(await all.read(all.entries[2]!)).toString()).toBe("a");
  });

  it("limits", async () => {
    const folder = folderOf({ "1.png": "abc", "2.png": "a" });
    expect(kinds(await openImages(folder, { limits: { fileBytes: 2 } }))).toEqual({
      "1.png": "too-many-bytes",
    });
    await expect(openImages(folder, { limits: { entries: 1 } })).rejects.toMatchObject({
      code: "DATASETS_TOO_MANY_ENTRIES",
    });
  });
});

describe.skipIf(windows)("hostile folders (links and pipes: not on Windows)", () => {
  it("links are followed to files inside only", async () => {
    const outside = folderOf({ "secret.png": "secret" });
    const folder = folderOf({ "a.png": "abcd" });
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "b.png"), "b");
    const links = {
      "inside.png": "a.png",
      "sub-file.png": "sub/b.png",
      "root.png": "/",
      "device.png": "/dev/zero",
      "secret.png": join(outside, "secret.png"),
      "up.png": `../${outside.split("/").at(-1)}/secret.png`,
      "dangling.png": "nowhere.png",
      "through-file.png": "a.png/x",
      "self.png": "self.png",
      "ping.png": "pong.png",
      "pong.png": "ping.png",
      "here.png": ".",
      "sub.png": "sub",
      "plain-link-to-sub": "sub",
    };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));

    const expected = {
      "root.png": "link",
      "device.png": "link",
      "secret.png": "link",
      "up.png": "link",
      "dangling.png": "link",
      "through-file.png": "link",
      "self.png": "link",
      "ping.png": "link",
      "pong.png": "link",
      "here.png": "link",
      "sub.png": "link",
    };
    const source = await openImages(folder);
    expect(names(source)).toEqual(["a.png", "inside.png", "sub-file.png"]);
    expect(kinds(source)).toEqual(expected);
    expect(source.entries[1]).toEqual({ name: "inside.png", size: 4 });
    expect(Buffer.from(await source.read(source.entries[1]!)).toString()).toBe("abcd");
    // Nor does a recursive listing go through links: a link to an ancestor has no end.
    const all = await openImages(folder, { recursive: true });
    expect(names(all)).toEqual(["a.png", "inside.png", "sub-file.png", "sub/b.png"]);
    expect(kinds(all)).toEqual({ ...expected, "plain-link-to-sub": "link" });
  });

  it("folders, pipes and sockets called like images are named, and nothing blocks", async () => {
    const folder = folderOf({ "a.png": "a" });
    mkdirSync(join(folder, "folder.png"));
    execFileSync("mkfifo", [join(folder, "pipe.png"), join(folder, "pipe")]);
    symlinkSync("pipe.png", join(folder, "linked-pipe.png"));
    const server = createServer().listen(join(folder, "socket.png"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    for (const recursive of [false, true]) {
      expect(kinds(await openImages(folder, { recursive }))).toEqual({
        "folder.png": "not-a-file",
        "pipe.png": "not-a-file",
        "linked-pipe.png": "not-a-file",
        pipe: "not-a-file",
        "socket.png": "not-a-file",
      });
    }
  });

  it("files that change after they were listed are problems when they are read", async () => {
    const outside = folderOf({ "secret.png": "secret" });
    const folder = folderOf({
      "gone.png": "a",
      "link.png": "a",
      "pipe.png": "a",
      "big.png": "a",
      "folder.png": "a",
    });
    const source = await openImages(folder, { limits: { fileBytes: 10 } });
    for (const name of names(source)) rmSync(join(folder, name));
    symlinkSync(join(outside, "secret.png"), join(folder, "link.png"));
    execFileSync("mkfifo", [join(folder, "pipe.png")]);
    writeFileSync(join(folder, "big.png"), "x".repeat(11));
    mkdirSync(join(folder, "folder.png"));
    const problems = await Promise.all(
      source.entries.map((entry) => source.read(entry).then(String, ({ problem }) => problem)),
    );
    expect(Object.fromEntries(problems.map(({ file, kind }) => [file, kind]))).toEqual({
      "big.png": "too-many-bytes",
      "folder.png": "not-a-file",
      "gone.png": "unreadable",
      "link.png": "link",
      "pipe.png": "not-a-file",
    });
  });

  it("a folder exchanged for a link after the listing leads nowhere", async () => {
    const outside = folderOf({ "a.png": "secret" });
    const folder = temporaryFolder();
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "a.png"), "a");
    const source = await openImages(folder, { recursive: true });
    renameSync(join(folder, "sub"), join(folder, "moved"));
    symlinkSync(outside, join(folder, "sub"));
    await expect(source.read(source.entries[0]!)).rejects.toMatchObject({ problem: { kind: "link" } });
  });

  it("names that steer a terminal are escaped in messages, names that are not UTF-8 are problems", async () => {
    const folder = folderOf({ "\u001b[31mred\n.txt": "a" });
    await expect(openImages(folder)).rejects.toThrow("\\u{1b}[31mred\\u{a}.txt: expected a name in .png");
    const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".png")]);
    writeFileSync(bytes, await png(0));
    writeFileSync(join(folder, "a.png"), await png(0));
    const source = await openImages(folder);
    expect(names(source)).toEqual(["a.png"]);
    expect(Object.values(kinds(source)).sort()).toEqual(["not-an-image", "unreadable"]);
  });
});
