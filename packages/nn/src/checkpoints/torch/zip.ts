/** The zip archives that torch.save writes since PyTorch 1.6: `data.pkl`, and a record `data/<key>` for each storage. */

import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { NnError } from "../../errors.ts";
import type { CheckpointFile } from "../checkpoint-file.ts";
import { InvalidCheckpointError, UnsupportedCheckpointError } from "../errors.ts";
import { unpickle } from "../pickle/unpickle.ts";
import type { Extent, TorchFile } from "./torch-file.ts";
import { torchWorld } from "./world.ts";

/** A data.pkl of a network with 100,000 tensors takes 15 MB. */
const MAX_PICKLE_BYTES = 64 << 20;
/** One for each storage and a few more; listing takes some 50 us for each. */
const MAX_ENTRIES = 200_000;
const STORED = 0;

/** @throws InvalidCheckpointError, UnsupportedCheckpointError, UnsafePickleError */
export async function openZip(file: CheckpointFile): Promise<TorchFile> {
  const archive = await openArchive(file);
  const folder = topFolder(file, archive.names);
  if (archive.names.some((name) => name.startsWith(`${folder}code/`))) {
    const remedy = "Store its tensors alone: torch.save(model.state_dict(), path).";
    throw new UnsupportedCheckpointError(file.path, "a TorchScript archive (torch.jit.save)", remedy);
  }
  await refuseBigEndian(file, await archive.locate(`${folder}byteorder`));
  const pickle = await archive.locate(`${folder}data.pkl`);
  if (pickle!.byteLength > MAX_PICKLE_BYTES) {
    const found = `${pickle!.byteLength}`;
    throw new InvalidCheckpointError(file.path, `a data.pkl of at most ${MAX_PICKLE_BYTES} bytes`, found);
  }
  const bytes = await file.read(pickle!.position, pickle!.byteLength, "data.pkl");
  const where = `${file.path}: data.pkl`;
  const { value } = unpickle(bytes, 0, torchWorld(where), where);
  return { root: value, locate: (key) => archive.locate(`${folder}data/${key}`) };
}

interface Archive {
  names: string[];
  /** Where a record's bytes lie in the file, if there is one of this name. They have the right checksum. */
  locate(name: string): Promise<Extent | undefined>;
}

async function openArchive(file: CheckpointFile): Promise<Archive> {
  const { zip, entries } = await inZip(file, () => listEntries(file));
  const located = new Map<string, Extent>();
  return {
    names: [...entries.keys()],
    async locate(name) {
      const entry = entries.get(name);
      if (entry !== undefined && !located.has(name)) {
        const extent = await inZip(file, () => locateRecord(zip, entry, file.size));
        await verify(file, extent, entry);
        located.set(name, extent);
      }
      return located.get(name);
    },
  };
}

async function listEntries(file: CheckpointFile): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, { autoClose: false });
  if (zip.entryCount > MAX_ENTRIES) throw new Error(`${zip.entryCount} records, more than ${MAX_ENTRIES}`);
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    if (entries.has(entry.fileName)) throw new Error(`two records "${entry.fileName}"`);
    entries.set(entry.fileName, entry);
  }
  return { zip, entries };
}

/** Records are never decompressed, so none can be larger than the file. */
async function locateRecord(zip: ZipFile, entry: Entry, fileSize: number): Promise<Extent> {
  if (entry.compressionMethod !== STORED || entry.isEncrypted()) {
    throw new Error(
      `a compressed or encrypted record "${entry.fileName}"; torch.save stores all as they are`,
    );
  }
  const { fileDataStart: position } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const byteLength = entry.uncompressedSize;
  if (byteLength !== entry.compressedSize || position + byteLength > fileSize) {
    throw new Error(`a record "${entry.fileName}" that reaches beyond the file's end`);
  }
  return { position, byteLength };
}

/** What yauzl finds wrong, as an error of ours. */
async function inZip<T>(file: CheckpointFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NnError) throw error;
    throw new InvalidCheckpointError(
      file.path,
      "a zip archive as torch.save writes it",
      (error as Error).message,
      {
        cause: error,
      },
    );
  }
}

/** The one folder with a data.pkl: `archive/`, or the name under which the file was saved. */
function topFolder(file: CheckpointFile, names: string[]): string {
  const folders = names.flatMap((name) => /^([^/]+\/)data\.pkl$/.exec(name)?.[1] ?? []);
  if (folders.length !== 1) {
    throw new InvalidCheckpointError(
      file.path,
      "one record <folder>/data.pkl in the zip archive",
      `${folders.length}`,
    );
  }
  return folders[0]!;
}

async function refuseBigEndian(file: CheckpointFile, record: Extent | undefined): Promise<void> {
  if (record === undefined) return;
  const bytes = await file.read(record.position, Math.min(record.byteLength, 16), "the record byteorder");
  const order = Buffer.from(bytes).toString("latin1");
  if (order === "little") return;
  throw new UnsupportedCheckpointError(
    file.path,
    `the byte order ${JSON.stringify(order)}`,
    "Store it little-endian.",
  );
}

/** PyTorch can be told to write no checksums, and leaves 0. */
async function verify(file: CheckpointFile, { position, byteLength }: Extent, entry: Entry): Promise<void> {
  if (entry.crc32 === 0) return;
  const what = `the record "${entry.fileName}"`;
  const found = await file.crc32(position, byteLength, what);
  if (found !== entry.crc32) {
    throw new InvalidCheckpointError(file.path, `${what} with the CRC-32 ${hex(entry.crc32)}`, hex(found));
  }
}

const hex = (crc: number): string => crc.toString(16).padStart(8, "0");

class FileReader extends RandomAccessReader {
  readonly #file: CheckpointFile;

  constructor(file: CheckpointFile) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#file.read(position, length, "the zip archive's directory").then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      },
      (error) => callback(error),
    );
  }
}
