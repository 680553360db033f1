/** What folders and zips of images have in common: a list of entries, and the bytes of each. */

import type { Problem } from "../problems.ts";

export interface ImageEntry {
  /** Path inside the folder or zip, with `/` on every platform. */
  name: string;
  /** Bytes of the file. */
  size: number;
}

export interface ImageSource {
  /** As it was given. */
  path: string;
  kind: "folder" | "zip";
  /** Files that are called like images, by `compareNatural` of their names. */
  entries: readonly ImageEntry[];
  /** What is there and cannot be an image, in the same order. */
  problems: readonly Problem[];
  limits: Limits;
  /**
   * The bytes of one entry.
   *
   * @throws BadFileError if the file is gone, has changed into something else, or is damaged
   */
  read(entry: ImageEntry): Promise<Uint8Array>;
  /** Frees the file handle; call it once nothing is being read. */
  close(): Promise<void>;
}

export interface Limits {
  /** Bytes of one file, unpacked. */
  fileBytes: number;
  /** Height times width of one image. */
  pixels: number;
  /** Files and folders of all kinds in a folder or zip. */
  entries: number;
}

export const LIMITS: Limits = {
  fileBytes: 64 * 2 ** 20,
  pixels: 32 * 2 ** 20, // 96 MiB decoded
  entries: 1_000_000,
};

/** Whether a file is called like one of the formats that are read. */
export function hasImageName(name: string): boolean {
  return /\.(png|jpe?g|webp)$/i.test(name);
}

/**
 * What file managers leave behind, passed over without a word: hidden files and folders (their names begin with a dot),
 * `__MACOSX`, `Thumbs.db` and `desktop.ini`.
 */
export function isLitter(basename: string): boolean {
  return basename.startsWith(".") || /^(__macosx|thumbs\.db|desktop\.ini)$/i.test(basename);
}

/** Of images that other programs read and this one does not, JPEGs by rarer names among them. */
const OTHER_FORMATS = /\.(avif|bmp|dib|gif|heic|heif|j2k|jfif|jp2|jpe|jxl|pbm|pgm|pnm|ppm|tga|tiff?)$/i;

/** Problems of a regular file that its name and size alone tell. */
export function problemOfFile(name: string, size: number, limits: Limits): Problem | undefined {
  const [, format] = OTHER_FORMATS.exec(name) ?? [];
  if (format !== undefined) {
    const message = `expected a name in .png, .jpg, .jpeg or .webp, the formats that are read, found .${format}; convert it`;
    return { file: name, kind: "other-format", message };
  }
  if (!hasImageName(name)) {
    return { file: name, kind: "not-an-image", message: "expected a name in .png, .jpg, .jpeg or .webp" };
  }
  if (size === 0) return { file: name, kind: "empty", message: "expected an image, found 0 bytes" };
  if (size > limits.fileBytes) {
    const message = `expected at most ${limits.fileBytes} bytes, found ${size}`;
    return { file: name, kind: "too-many-bytes", message };
  }
  return undefined;
}
