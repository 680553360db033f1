/** A zip of images that may be hostile: entries are read one at a time, and never beyond their declared and allowed size. */

import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { printable } from "@touchstone/cli";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { BadFileError, BrokenZipError, ClosedSourceError, TooManyEntriesError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import { BlockReader } from "./block-reader.ts";
import { compareNatural } from "./natural-order.ts";
import { type ImageEntry, type ImageSource, isLitter, type Limits, problemOfFile } from "./source.ts";

const inflate = promisify(inflateRaw);

/**
 * Where every entry stands in one folder, names are relative to that folder: zipping a folder gives such archives.
 *
 * @returns the source, and how many folders in it were passed over
 */
export async function openZip(
  path: string,
  recursive: boolean,
  limits: Limits,
): Promise<{ source: ImageSource; folders: number }> {
  const file = await open(path);
  try {
    const zip = await openArchive(file, path);
    const files = await listFiles(zip, path, limits);
    const { entries, problems, folders, packed } = sortOut(files, recursive, limits);
    const source: ImageSource = {
      path,
      kind: "zip",
      entries: entries.sort((a, b) => compareNatural(a.name, b.name)),
      problems: problems.sort((a, b) => compareNatural(a.file, b.file)),
      limits,
      read: async ({ name }) => {
        if (file.fd < 0) throw new ClosedSourceError(path);
        return unpack(zip, file, packed.get(name)!, name);
      },
      close: () => file.close(),
    };
    return { source, folders };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openArchive(file: FileHandle, path: string): Promise<ZipFile> {
  const { size } = await file.stat();
  try {
    // Names are decoded and sizes checked here, so that a bad entry is a problem of that entry, not of the archive.
    return await yauzl.fromRandomAccessReaderPromise(new BlockReader(file.fd), size, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch (error) {
    throw new BrokenZipError(path, error as Error);
  }
}

interface PackedFile {
  /** Segments of its path; undefined if the path is not safe. */
  segments: string[] | undefined;
  /** As the archive spells it. */
  spelled: string;
  entry: Entry;
}

async function listFiles(zip: ZipFile, path: string, limits: Limits): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (zip.entriesRead > limits.entries) throw new TooManyEntriesError(path, limits.entries);
      const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
      const spelled = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
      if (spelled.endsWith("/")) continue;
      const segments = spelled.split("/").filter((segment) => segment !== "" && segment !== ".");
      if (segments.some(isLitter) && !segments.includes("..")) continue;
      const unsafe = yauzl.validateFileName(spelled) !== null || spelled.includes("\0");
      files.push({ segments: unsafe ? undefined : segments, spelled, entry });
    }
  } catch (error) {
    throw error instanceof TooManyEntriesError ? error : new BrokenZipError(path, error as Error);
  }
  return files;
}

/** Names relative to the one top folder, if there is but one; then every file is an entry or a problem. */
function sortOut(files: PackedFile[], recursive: boolean, limits: Limits) {
  const safe = files.flatMap(({ segments }) => (segments === undefined ? [] : [segments]));
  const top = safe[0]?.[0];
  const depth = safe.every((segments) => segments.length > 1 && segments[0] === top) ? 1 : 0;
  const entries: ImageEntry[] = [];
  const problems: Problem[] = [];
  const packed = new Map<string, Entry>();
  const folders = new Set<string>();
  for (const { segments, spelled, entry } of files) {
    if (segments === undefined) {
      const message = "expected a name inside the archive, found one that leads out of it";
      problems.push({ file: spelled, kind: "unsafe-name", message });
      continue;
    }
    const inner = segments.slice(depth);
    if (inner.length > 1 && !recursive) {
      folders.add(inner[0]!);
      continue;
    }
    const name = inner.join("/");
    const size = entry.uncompressedSize;
    if (packed.has(name)) {
      problems.push({
        file: name,
        kind: "duplicate-name",
        message: "expected one file of this name, found another",
      });
      continue;
    }
    packed.set(name, entry);
    const problem = problemOfEntry(name, entry, limits) ?? problemOfFile(name, size, limits);
    if (problem) problems.push(problem);
    else entries.push({ name, size });
  }
  return { entries, problems, folders: folders.size, packed };
}

function problemOfEntry(file: string, entry: Entry, limits: Limits): Problem | undefined {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3;
  const type = (entry.externalFileAttributes >>> 28) & 0xf; // The top bits of st_mode, in the attributes' upper half.
  if (madeOnUnix && type === 0xa) {
    return { file, kind: "link", message: "expected a file, found a link; put the file itself there" };
  }
  if (madeOnUnix && type !== 0 && type !== 8) {
    return { file, kind: "not-a-file", message: "expected a file, found something else" };
  }
  if (entry.isEncrypted()) {
    return {
      file,
      kind: "encrypted",
      message: "expected an entry without a password, found an encrypted one",
    };
  }
  if (!entry.canDecodeFileData()) {
    const message = `expected it stored or deflated, found compression method ${entry.compressionMethod}`;
    return { file, kind: "unsupported", message };
  }
  if (entry.compressedSize > limits.fileBytes) {
    const message = `expected at most ${limits.fileBytes} bytes, found ${entry.compressedSize} packed ones`;
    return { file, kind: "too-many-bytes", message };
  }
  return undefined;
}

async function unpack(zip: ZipFile, file: FileHandle, entry: Entry, name: string): Promise<Uint8Array> {
  const corrupt = (found: string) =>
    new BadFileError({ file: name, kind: "corrupt", message: `expected a sound entry, found ${found}` });
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  let bytes: Uint8Array;
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const stored = new Uint8Array(compressedSize);
    const { bytesRead } = await file.read(stored, 0, compressedSize, fileDataStart);
    if (bytesRead < compressedSize) throw new Error("an archive that ends early");
    bytes =
      compressionMethod === 0
        ? stored
        : new Uint8Array(await inflate(stored, { maxOutputLength: uncompressedSize }));
  } catch (error) {
    throw corrupt(printable((error as Error).message));
  }
  if (bytes.length !== uncompressedSize)
    throw corrupt(`${bytes.length} of the ${uncompressedSize} bytes it declares`);
  if (crc32(bytes) !== entry.crc32) throw corrupt("another checksum than it declares");
  return bytes;
}
