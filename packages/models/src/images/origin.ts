/**
 * What an image was made with, written into its PNG: a text chunk, which no reader of pixels looks at. So a folder that is half full can be
 * filled up by the same command and by no other, and needs no further file to say so.
 */

import { crc32 } from "node:zlib";

/** Everything that the pixels depend on beside the image's name: the model, its checkpoint, the seed, the options. ASCII. */
export type Origin = Record<string, string | number>;

const KEYWORD = "touchstone";
const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** After it comes always the chunk IHDR. */
const HEAD = SIGNATURE.length + 25;
/** Length, type, data and CRC of the last chunk. */
const END = chunk("IEND", "");

/** The PNG with its origin. */
export function withOrigin(png: Uint8Array, origin: Origin): Uint8Array {
  return Buffer.concat([png.subarray(0, HEAD), chunkOf(origin), png.subarray(HEAD)]);
}

/** Whether the file is a PNG of this origin: all of it, or only its beginning, as a killed process leaves it. */
export function compareOrigin(file: Uint8Array, origin: Origin): "whole" | "broken off" | "other" {
  const bytes = Buffer.from(file);
  const begins = (found: Buffer, expected: Buffer) => expected.subarray(0, found.length).equals(found);
  const expected = chunkOf(origin);
  const isSame =
    begins(bytes.subarray(0, SIGNATURE.length), SIGNATURE) &&
    begins(bytes.subarray(HEAD, HEAD + expected.length), expected);
  if (!isSame) return "other";
  return bytes.subarray(-END.length).equals(END) ? "whole" : "broken off";
}

/** The origin that a file tells, if it does. */
export function originOf(file: Uint8Array): Origin | undefined {
  const chunk = Buffer.from(file.subarray(HEAD));
  if (chunk.toString("latin1", 4, 8) !== "tEXt") return undefined;
  const text = chunk.toString("latin1", 8, 8 + chunk.readUInt32BE());
  if (!text.startsWith(`${KEYWORD}\0`)) return undefined;
  try {
    return JSON.parse(text.slice(KEYWORD.length + 1));
  } catch {
    return undefined;
  }
}

/** A tEXt chunk (PNG specification, section 11.3.3.2). */
function chunkOf(origin: Origin): Buffer {
  return chunk("tEXt", `${KEYWORD}\0${JSON.stringify(origin)}`);
}

function chunk(type: string, data: string): Buffer {
  const body = Buffer.from(type + data, "latin1");
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}
