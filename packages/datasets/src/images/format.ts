/** What a file is, by its first bytes: its name is only what somebody called it. */

export type Format = "PNG" | "JPEG" | "WebP";

const PNG = "\x89PNG\r\n\x1a\n";

/** The format if it is one that is read. */
export function formatOf(bytes: Uint8Array): Format | undefined {
  const head = latin1(bytes.subarray(0, 12));
  if (head.startsWith(PNG)) return "PNG";
  if (head.startsWith("\xff\xd8\xff")) return "JPEG";
  return head.startsWith("RIFF") && head.endsWith("WEBP") ? "WebP" : undefined;
}

/** For messages: what a file that is none of the formats looks like. */
export function describe(bytes: Uint8Array): string {
  const head = latin1(bytes.subarray(0, 8));
  if (head.startsWith("GIF8")) return "GIF";
  if (head.startsWith("BM")) return "BMP";
  if (head.startsWith("II*\0") || head.startsWith("MM\0*")) return "TIFF";
  const hex = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0"));
  return `a file that begins with ${hex.join(" ")}`;
}

/** Whether a file that did not decode lacks its end, rather than being damaged in the middle. */
export function lacksEnd(format: Format, bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (format === "PNG") return !file.includes("IEND");
  if (format === "JPEG") return !file.subarray(-2).equals(Buffer.from([0xff, 0xd9]));
  return file.length < 12 || file.readUInt32LE(4) + 8 > file.length;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
