/** A file for yauzl, read in blocks: it asks for each entry's few bytes with two calls, and a list can be long. */

import { readSync } from "node:fs";
import { RandomAccessReader } from "yauzl";

const BLOCK_BYTES = 64 * 1024;

/** Synchronous: from a block in memory most of the time, which no round trip through the thread pool can match. */
export class BlockReader extends RandomAccessReader {
  readonly #fd: number;
  #block = Buffer.alloc(0);
  #start = 0;

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    try {
      if (position < this.#start || position + length > this.#start + this.#block.length) {
        const block = Buffer.allocUnsafe(Math.max(length, BLOCK_BYTES));
        this.#block = block.subarray(0, readSync(this.#fd, block, 0, block.length, position));
        this.#start = position;
      }
    } catch (error) {
      callback(error as Error);
      return;
    }
    const from = position - this.#start;
    callback(null, this.#block.copy(buffer, offset, from, from + length));
  }
}
