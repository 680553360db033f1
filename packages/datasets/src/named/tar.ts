/** The files of a tar archive, one after another: POSIX ustar, which is all that MNIST-M's archive needs. */

import { BadFileError } from "../errors.ts";

export interface TarFile {
  name: string;
  data: Buffer;
}

const BLOCK = 512;
const REGULAR_FILE = ["0", "\0"];

/**
 * Yields the regular files that `isWanted`; the others are passed over.
 *
 * @param archive its bytes, in pieces of any size
 * @param file what messages call it
 * @throws BadFileError
 */
export async function* tarFiles(
  archive: AsyncIterable<Uint8Array>,
  file: string,
  isWanted: (name: string) => boolean,
): AsyncGenerator<TarFile> {
  const bad = (expected: string, found: string) =>
    new BadFileError({ file, kind: "corrupt", message: `expected ${expected}, found ${found}` });
  const take = taker(archive, () => bad("the end of the archive after an empty block", "its end before"));
  for (;;) {
    const header = await take(BLOCK);
    if (header.every((byte) => byte === 0)) return;
    if (octal(header, 148, 8) !== checksum(header))
      throw bad("a tar header with the checksum it states", "another");
    const size = octal(header, 124, 12);
    if (!Number.isSafeInteger(size)) throw bad("the size of a file in octal", "another");
    const data = (await take(Math.ceil(size / BLOCK) * BLOCK)).subarray(0, size);
    const prefix = text(header, 345, 155);
    const name = `${prefix && `${prefix}/`}${text(header, 0, 100)}`;
    if (REGULAR_FILE.includes(String.fromCharCode(header[156]!)) && isWanted(name)) yield { name, data };
  }
}

/** A function that gives the next so many bytes. */
function taker(archive: AsyncIterable<Uint8Array>, onEnd: () => Error): (size: number) => Promise<Buffer> {
  const chunks = archive[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let length = 0;
  return async (size) => {
    while (length < size) {
      const { value, done } = await chunks.next();
      if (done) throw onEnd();
      held.push(value);
      length += value.length;
    }
    const all = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [all.subarray(size)];
    length -= size;
    return Buffer.from(all.buffer, all.byteOffset, size);
  };
}

/** Unsigned sum of all bytes, those of the checksum itself counted as spaces. */
function checksum(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function octal(header: Buffer, start: number, length: number): number {
  const digits = text(header, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end < 0 ? length : end);
}
