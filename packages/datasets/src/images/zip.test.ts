/** Zips as submissions pack them, hostile ones included. */

import { describe, expect, it } from "vitest";
import { type PackedFile, png, zipOf } from "../../test/image-files.ts";
import { openImages } from "./open.ts";
import type { ImageSource } from "./source.ts";

const names = ({ entries }: ImageSource) => entries.map(({ name }) => name);
const kinds = ({ problems }: ImageSource) => problems.map(({ file, kind }) => [file, kind]);
const files = (...names: string[]): PackedFile[] =>
  names.map((name) => ({ name, content: `content of ${name}` }));

async function readAll(source: ImageSource): Promise<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const entry of source.entries) {
    read[entry.name] = await source
      .read(entry)
      .then((bytes) => Buffer.from(bytes).toString())
      .catch(({ problem }) => problem.kind);
  }
  await source.close();
  return read;
}

/** Replaces every occurrence: a name stands before its file and in the directory at the end. */
function replaced(zip: Buffer, from: string, to: string): Buffer {
  const text = zip.toString("latin1");
  expect(text.split(from)).toHaveLength(3);
  return Buffer.from(text.replaceAll(from, to), "latin1");
}

/** Offset of the first entry in the directory at the end. */
const directory = (zip: Buffer) => zip.indexOf("PK\x01\x02", 0, "latin1");

describe("what is listed", () => {
  it("images by natural order, with their unpacked sizes", async () => {
    const source = await openImages(await zipOf(files("10.png", "2.png", "1.JPG")));
    expect(names(source)).toEqual(["1.JPG", "2.png", "10.png"]);
    expect(source.entries[2]!.size).toBe("content of 10.png".length);
    expect(await readAll(source)).toMatchObject({
      "2.png": "content of 2.png",
      "10.png": "content of 10.png",
    });
  });

  it("litter is passed over, other files are problems", async () => {
    const litter = files("__MACOSX/._a.png", ".DS_Store", "Thumbs.db", ".git/a.png");
    const others = [...files("a.png", "b.txt", "c.zip", "e.bmp"), { name: "d.png", content: "" }];
    const source = await openImages(await zipOf([...litter, ...others]), { recursive: true });
    expect(names(source)).toEqual(["a.png"]);
    expect(kinds(source)).toEqual([
      ["b.txt", "not-an-image"],
      ["c.zip", "not-an-image"],
      ["d.png", "empty"],
      ["e.bmp", "other-format"],
    ]);
    await source.close();
  });

  it("one folder around everything is not part of the names", async () => {
    const packed = await zipOf(files("out/2.png", "out/1.png", "__MACOSX/out/._1.png"));
    expect(await readAll(await openImages(packed))).toEqual({
      "1.png": "content of out/1.png",
      "2.png": "content of out/2.png",
    });
  });

  it("folders inside only when asked for", async () => {
    const packed = await zipOf(files("1.png", "a/2.png", "a/b/3.png"));
    const source = await openImages(packed);
    expect(names(source)).toEqual(["1.png"]);
    await source.close();
    const all = await openImages(packed, { recursive: true });
    expect(names(all)).toEqual(["1.png", "a/2.png", "a/b/3.png"]);
    await all.close();
    await expect(openImages(await zipOf(files("a/1.png", "b/1.png")))).rejects.toThrow(
      'There are folders inside (2); ask for them with "recursive"',
    );
  });

  it("limits", async () => {
    const packed = await zipOf([{ name: "bomb.png", content: "x".repeat(1001) }, ...files("a.png")]);
    const source = await openImages(packed, { limits: { fileBytes: 1000 } });
    expect(kinds(source)).toEqual([["bomb.png", "too-many-bytes"]]);
    await source.close();
    const swollen = await zipOf(files("a.png", "b.png"), (zip) => {
      zip.writeUInt32LE(1001, directory(zip) + 20); // Packed size; the unpacked one stays small.
      return zip;
    });
    const other = await openImages(swollen, { limits: { fileBytes: 1000 } });
    expect(kinds(other)).toEqual([["a.png", "too-many-bytes"]]);
    await other.close();
    await expect(openImages(packed, { limits: { entries: 1 } })).rejects.toMatchObject({
      code: "DATASETS_TOO_MANY_ENTRIES",
    });
  });
});

describe("hostile entries", () => {
  it.each(["../e.png", "/abs.png", "a/../b.x", "..\\e.png", "C:\\e.png", ".a/../.."])(
    "the name %s leads out",
    async (name) => {
      const packed = await zipOf(files("01234567", "ok.png"), (zip) => replaced(zip, "01234567", name));
      const source = await openImages(packed);
      expect(names(source)).toEqual(["ok.png"]);
      expect(kinds(source)).toEqual([[name.replaceAll("\\", "/"), "unsafe-name"]]);
      await source.close();
    },
  );

  it("links and devices by their mode", async () => {
    const source = await openImages(
      await zipOf([
        { name: "link.png", content: "/etc/passwd", mode: 0o120777 },
        { name: "pipe.png", content: "x", mode: 0o010644 },
        ...files("ok.png"),
      ]),
    );
    expect(kinds(source)).toEqual([
      ["link.png", "link"],
      ["pipe.png", "not-a-file"],
    ]);
    expect(names(source)).toEqual(["ok.png"]);
    await source.close();
  });

  it("of two entries of one name the first counts", async () => {
    const twice = [
      { name: "a.png", content: "first" },
      { name: "a.png", content: "second" },
      ...files("b.png"),
    ];
    const source = await openImages(await zipOf(twice));
    expect(kinds(source)).toEqual([["a.png", "duplicate-name"]]);
    expect(await readAll(source)).toMatchObject({ "a.png": "first" });
  });

  it("encrypted, and packed by an unknown method", async () => {
    const encrypted = await zipOf(files("a.png", "b.png"), (zip) => {
      zip[directory(zip) + 8]! |= 1; // General purpose flag 0.
      return zip;
    });
    const source = await openImages(encrypted);
    expect(kinds(source)).toEqual([["a.png", "encrypted"]]);
    expect(await readAll(source)).toEqual({ "b.png": "content of b.png" });
    const lzma = await zipOf(files("a.png", "b.png"), (zip) => {
      zip.writeUInt16LE(14, directory(zip) + 10);
      return zip;
    });
    const other = await openImages(lzma);
    expect(kinds(other)).toEqual([["a.png", "unsupported"]]);
    await other.close();
  });

  it.each([
    ["smaller than it is", 24, (size: number) => size - 1],
    ["larger than it is", 24, (size: number) => size + 1],
    ["of another checksum", 16, (crc: number) => (crc ^ 1) >>> 0],
    ["somewhere else", 42, () => 3],
    ["beyond the end", 42, () => 0x7fffffff],
    ["packed in nothing", 20, () => 0],
    ["packed in less", 20, (size: number) => size - 4],
  ])("an entry that is declared %s is corrupt when it is read", async (_, offset, change) => {
    const packed = await zipOf(files("a.png", "b.png"), (zip) => {
      const at = directory(zip) + offset;
      zip.writeUInt32LE(change(zip.readUInt32LE(at)), at);
      return zip;
    });
    expect(await readAll(await openImages(packed))).toEqual({
      "a.png": "corrupt",
      "b.png": "content of b.png",
    });
  });
});

describe("broken archives", () => {
  const broken = { code: "DATASETS_BROKEN_ZIP", exitCode: 2 };

  it("cut, or without its directory", async () => {
    const cut = await zipOf(files("a.png"), (zip) => zip.subarray(0, zip.length - 30));
    await expect(openImages(cut)).rejects.toMatchObject(broken);
    const damaged = await zipOf(files("a.png"), (zip) => {
      zip.write("XX", directory(zip));
      return zip;
    });
    await expect(openImages(damaged)).rejects.toMatchObject(broken);
    await expect(openImages(damaged)).rejects.toThrow(
      /images\.zip: expected a zip archive, found a broken one/,
    );
  });

  it("without entries", async () => {
    await expect(openImages(await zipOf([]))).rejects.toMatchObject({ code: "DATASETS_NO_IMAGES" });
  });
});

it("reading after closing is our fault, not the file's", async () => {
  const source = await openImages(await zipOf(files("a.png")));
  await source.close();
  await source.close();
  await expect(source.read(source.entries[0]!)).rejects.toMatchObject({
    code: "DATASETS_CLOSED_SOURCE",
    exitCode: 4,
  });
});

it("reads many entries at once", async () => {
  const contents = await Promise.all(Array.from({ length: 50 }, (_, i) => png(i)));
  const source = await openImages(await zipOf(contents.map((content, i) => ({ name: `${i}.png`, content }))));
  const read = await Promise.all(source.entries.map((entry) => source.read(entry)));
  expect(read.map((bytes) => Buffer.from(bytes))).toEqual(contents);
  await source.close();
});
