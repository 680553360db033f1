/** Reads what a submission prints: keeps the beginning, and drops the rest without ever making it wait. */

import type { Readable } from "node:stream";

export class Capture {
  readonly #limit: number;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  /** All that was printed, kept or not. */
  bytes = 0;

  /** @param limit bytes that are kept */
  constructor(stream: Readable, limit: number) {
    this.#limit = limit;
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    // A pipe that breaks ends what is printed, no more.
    stream.on("error", () => {});
  }

  /** Decoded as UTF-8: U+FFFD for what is not, and no half character where it was cut. */
  get text(): string {
    const cut = this.bytes > this.#keptBytes;
    return new TextDecoder().decode(Buffer.concat(this.#kept), { stream: cut });
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    const room = this.#limit - this.#keptBytes;
    if (room <= 0) return;
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }
}
