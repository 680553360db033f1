/** A zip archive's members, read whole and checked. */

import { open, stat } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { FidError } from "../errors.ts";
import { InvalidStatisticsError, PickledStatisticsError, UnreadableStatisticsError } from "./errors.ts";

/** Statistics have three members. */
const MAX_ENTRIES = 1000;

export class Archive {
  readonly path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws UnreadableStatisticsError, InvalidStatisticsError */
  static async open(path: string): Promise<Archive> {
    await requireFile(path);
    return await sound(path, async () => {
      await refusePickle(path);
      const zip = await openPromise(path, { autoClose: false });
      try {
        return new Archive(path, zip, await listEntries(zip));
      } catch (error) {
        zip.close();
        throw error;
      }
    });
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Unpacked bytes of a member, as the archive states them; more are never read. */
  size(name: string): number {
    return this.#entry(name).uncompressedSize;
  }

  /** The first `limit` bytes of a member, or all there are. @throws InvalidStatisticsError */
  async beginning(name: string, limit: number): Promise<Buffer> {
    return await this.#read(name, Math.min(limit, this.size(name)));
  }

  /** A whole member with the right checksum. @throws InvalidStatisticsError */
  async whole(name: string): Promise<Buffer> {
    const bytes = await this.#read(name, this.size(name));
    const found = crc32(bytes);
    if (found !== this.#entry(name).crc32) {
      throw new InvalidStatisticsError(`${this.path}: ${name}`, "intact data", "a wrong checksum");
    }
    return bytes;
  }

  close(): void {
    this.#zip.close();
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    const found = this.names.slice(0, 10).map((other) => JSON.stringify(other).slice(0, 60));
    throw new InvalidStatisticsError(this.path, `a member ${name}`, found.join(", ") || "none");
  }

  async #read(name: string, length: number): Promise<Buffer> {
    const entry = this.#entry(name);
    return await sound(`${this.path}: ${name}`, async () => {
      const stream = await this.#zip.openReadStreamPromise(entry);
      const bytes = Buffer.alloc(length);
      let at = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        at += chunk.copy(bytes, at);
        if (at === length && length < entry.uncompressedSize) break;
      }
      if (at < length) throw new Error(`${at} of ${length} bytes`);
      return bytes;
    });
  }
}

/** Neither a folder nor a pipe, which would be waited for without end. */
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UnreadableStatisticsError(
      path,
      error.code === "ENOENT" ? "nothing there" : `${error.code}`,
      error,
    );
  });
  if (!found.isFile()) {
    throw new UnreadableStatisticsError(path, found.isDirectory() ? "a folder" : "no regular file");
  }
}

/** Pickles, which other programs keep statistics in, begin with the opcode PROTO. */
async function refusePickle(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
    if (buffer[0] === 0x80) throw new PickledStatisticsError(path, "a pickle");
  } finally {
    await file.close();
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw new Error(`${zip.entryCount} members`);
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw new Error(`two members ${JSON.stringify(entry.fileName)}`);
    entries.set(entry.fileName, entry);
  }
  return entries;
}

/** What yauzl and zlib find wrong, as an error of ours. */
async function sound<T>(where: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FidError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") throw new UnreadableStatisticsError(where, code, error);
    throw new InvalidStatisticsError(where, "a sound zip archive (.npz)", message, error);
  }
}
