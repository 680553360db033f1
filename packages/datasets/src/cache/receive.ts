/** One try at a download: asks for the bytes that are missing and appends them. */

import { open } from "node:fs/promises";
import type { Work } from "@touchstone/cli";
import type { Dispatcher } from "undici";
import { DownloadError, storing } from "./errors.ts";
import { emptyPart, type Part, recallSource, rememberSource, sizeOf } from "./part.ts";
import { type Connection, get, refuse, TransientError } from "./request.ts";

export interface Request {
  url: string;
  /** Size of the whole file, where it is known. */
  size: number | undefined;
  label: string;
  connection: Connection;
}

/**
 * Returns once the server says that the file is complete; whether it is the right one is for the caller to check.
 *
 * @throws TransientError if another try may succeed; what has arrived is kept
 */
export async function* receive(part: Part, request: Request): Work<void> {
  const { url, size, label, connection } = request;
  const present = await sizeOf(part);
  if (present > 0 && present === size) return;

  const source = await recallSource(part);
  // Without a validator the server could not tell whether the rest still belongs to what is here.
  const offset = source.url === url && source.validator ? present : 0;
  const resume = { range: `bytes=${offset}-`, "if-range": source.validator ?? "" };
  const headers = { "accept-encoding": "identity", "user-agent": "touchstone", ...(offset > 0 && resume) };

  const response = await get(url, headers, connection);
  try {
    const extent = extentOf(response, offset, size);
    if (extent === undefined) {
      await emptyPart(part);
      throw new TransientError(`HTTP status ${response.statusCode} that does not fit what was asked for`);
    }
    const { start, total } = extent;
    if (size !== undefined && total !== undefined && total !== size) throw changed(url, size, total);
    const validator = validatorOf(response);
    await rememberSource(part, validator === undefined ? undefined : { url, validator });

    const file = await storing(part.bytes, open(part.bytes, start > 0 ? "r+" : "w"));
    const progress = { label, unit: "bytes", ...(total !== undefined && { total }) };
    let done = start;
    try {
      for await (const chunk of chunksOf(response, url, connection.signal)) {
        await storing(part.bytes, file.write(chunk, 0, chunk.length, done));
        done += chunk.length;
        if (size !== undefined && done > size) throw changed(url, size, done);
        yield { ...progress, done };
      }
      await storing(part.bytes, file.sync());
    } finally {
      await file.close();
    }
    if (total !== undefined && done !== total) {
      throw new TransientError(`the end of the transfer after ${done} of ${total} bytes`);
    }
  } finally {
    // Ends the transfer where it was not read to its end; nobody is left to hear that it was ended.
    response.body.on("error", () => {}).destroy();
  }
}

/** Which bytes a response holds; undefined if they do not continue those that are here. */
function extentOf(
  { statusCode, headers }: Dispatcher.ResponseData,
  offset: number,
  size: number | undefined,
): { start: number; total: number | undefined } | undefined {
  if (statusCode === 200) {
    const length = headers["content-length"];
    return { start: 0, total: length === undefined ? size : Number(length) };
  }
  const [, start, total] = String(headers["content-range"]).match(/^bytes (\d+)-\d+\/(\d+|\*)$/) ?? [];
  if (statusCode !== 206 || offset === 0 || Number(start) !== offset) return undefined;
  return { start: offset, total: total === "*" ? size : Number(total) };
}

/** What names this version of the file in `If-Range`: RFC 9110, section 13.1.5, which excludes weak tags. */
function validatorOf({ headers }: Dispatcher.ResponseData): string | undefined {
  const tag = headers.etag;
  if (typeof tag === "string" && !tag.startsWith("W/")) return tag;
  const modified = headers["last-modified"];
  return typeof modified === "string" ? modified : undefined;
}

async function* chunksOf({ body }: Dispatcher.ResponseData, url: string, signal: AbortSignal | undefined) {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    refuse(url, error, signal);
  }
}

function changed(url: string, expected: number, found: number): DownloadError {
  return new DownloadError(
    url,
    `a file of ${expected} bytes`,
    `${found} bytes`,
    "It was replaced there; name a mirror with --mirror or TOUCHSTONE_MIRROR.",
  );
}
