/** Fetches one file whose checksum is known beforehand. It is there whole, or not at all. */

import { setTimeout as delay } from "node:timers/promises";
import type { Work } from "@touchstone/cli";
import { checkFile, isFile, type Pin } from "./checksum.ts";
import { ChecksumError, DownloadError } from "./errors.ts";
import { claimPart, emptyPart, publish, releasePart } from "./part.ts";
import { receive } from "./receive.ts";
import { connect, TransientError } from "./request.ts";

export interface DownloadOptions {
  url: string;
  /** The checksum that the file's publisher states, and its size where known. */
  pin: Pin;
  /** Path of the file; its folder is made. */
  destination: string;
  /** What progress calls it. */
  label: string;
  /** Aborting ends the download; what has arrived is kept, and resumed next time. */
  signal?: AbortSignal;
  /** A server that is silent for so long is given up, and tried again. */
  stallTimeoutMs?: number;
  /** Pause before the second try; it doubles with each. */
  retryDelayMs?: number;
}

const TRIES = 6;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Downloads to `destination`, resuming what an earlier try or process left. A file that is already there, whole, is left
 * alone. Progress counts bytes. Proxies are those of HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
 *
 * @throws DownloadError if the server does not give that file, StorageError if it cannot be written, InvalidOptionError if
 *   a proxy's address is none
 */
export async function* download(options: DownloadOptions): Work<void> {
  const { url, pin, destination, label, signal, stallTimeoutMs = 30_000, retryDelayMs = 1000 } = options;
  if (await isFile(destination, pin, signal)) return;
  const connection = connect(stallTimeoutMs, signal);
  const part = await claimPart(destination);
  try {
    let hadMismatch = false;
    for (let tried = 1; ; tried++) {
      try {
        const shown = tried === 1 ? label : `${label}, try ${tried}`;
        yield* receive(part, { url, size: pin.size, label: shown, connection });
        await checkFile(part.bytes, pin, signal);
        await publish(part);
        return;
      } catch (error) {
        if (error instanceof ChecksumError) {
          await emptyPart(part);
          if (hadMismatch) throw wrongFile(url, pin, error);
          // Damage on the way, or two versions put together: once more from the start tells.
          hadMismatch = true;
        } else if (!(error instanceof TransientError)) throw error;
        if (tried === TRIES) throw gaveUp(url, error);
        const asked = error instanceof TransientError ? error.retryAfterMs : undefined;
        const pause = Math.min(asked ?? retryDelayMs * 2 ** (tried - 1), LONGEST_PAUSE_MS);
        await delay(pause, undefined, signal ? { signal } : {});
      }
    }
  } finally {
    await releasePart(part);
    await connection.dispatcher.destroy();
  }
}

function wrongFile(url: string, pin: Pin, cause: ChecksumError): DownloadError {
  const expected = "sha256" in pin ? `sha256 ${pin.sha256}` : `md5 ${pin.md5}`;
  const advice = "It was replaced there, or something on the way alters it; --mirror names another server.";
  return new DownloadError(url, `the file with ${expected}`, "another one, twice", advice, { cause });
}

function gaveUp(url: string, cause: Error): DownloadError {
  const advice =
    "Run the same command again: it goes on where this one stopped. --mirror names another server.";
  return new DownloadError(url, "the file", `${cause.message}, ${TRIES} times`, advice, { cause });
}
