/** `checkImages(folder, output)`: whether a run wrote the images that it should have, and which of its files can be used. */

import type { Work } from "@touchstone/cli";
import {
  duplicateGroups,
  type ImageSource,
  LIMITS,
  NoImagesError,
  openImages,
  type Problem,
  type ProblemKind,
  pixelHash,
  streamImages,
} from "@touchstone/datasets";
import type { ImagesOutput } from "../assignment/index.ts";
import type { Finding } from "../results/results.ts";
import { checkNames } from "./check-names.ts";
import { errorsFirst, type Fault, gather } from "./findings.ts";
import { faultOfPlace, listFolder } from "./list-folder.ts";
import { type Look, lookAt } from "./look.ts";

export interface CheckedImages {
  findings: Finding[];
  /** Those that are as they should be, to be read again; undefined where there are none. */
  images?: ImageSource;
}

/** What a finding is called that a problem of a file becomes. */
const CODES: Partial<Record<ProblemKind, string>> = {
  link: "link",
  "not-a-file": "not-a-file",
  "wrong-size": "size",
  "too-many-pixels": "size",
  "not-an-image": "format",
};

/**
 * Looks at every file by its content; nothing is decoded whose header says another size. Errors are what the assignment does not accept:
 * another number of images, another size or format, files that cannot be read, links. Warnings cost nothing: a palette, an alpha channel
 * or 16 bits (the pixels are read as PIL's `convert("RGB")` reads them), other numbers in names, repeated images, further files.
 *
 * @throws the system's error where the folder cannot be read, which is no fault of the submission; the signal's reason
 */
export async function* checkImages(
  folder: string,
  output: ImagesOutput,
  { signal }: { signal?: AbortSignal } = {},
): Work<CheckedImages> {
  const unusable = faultOfPlace(folder, "folder");
  if (unusable) return { findings: gather([unusable]) };
  const limit = 10 * output.count + 1000;
  const { links, folders, entries } = listFolder(folder, limit);
  if (entries > limit) {
    const message = `expected ${output.count} images, found more than ${limit} files; nothing was looked at`;
    return { findings: [{ code: "count", severity: "error", message, files: [], total: entries }] };
  }

  const source = await open(folder, output);
  const faults: Fault[] = [...links].map(linkFault);
  for (const problem of source.problems) if (!links.has(problem.file)) faults.push(faultOfUnopened(problem));
  for (const file of folders) {
    const message = "expected files, found folders, which are not looked into";
    // One that is called like an image is among the problems.
    if (!faults.some((fault) => fault.file === file))
      faults.push({ code: "folder", severity: "warning", message, file });
  }

  const looks = new Map<string, Look | undefined>();
  const own: ImageSource = {
    ...source,
    entries: source.entries.filter(({ name }) => !links.has(name)),
    async read(entry) {
      const bytes = await source.read(entry);
      looks.set(entry.name, await lookAt(bytes));
      return bytes;
    },
  };
  const usable: number[] = [];
  const hashes: string[] = [];
  const options = { ...(output.size && { expectedSize: output.size }), ...(signal && { signal }) };
  for await (const { index, name, image, problem } of streamImages(own, options)) {
    const look = looks.get(name);
    looks.delete(name);
    const found = problem ? [faultOf(problem)] : faultsOfLook(name, look, output);
    faults.push(...found);
    if (image && found.every(({ severity }) => severity === "warning")) {
      usable.push(index);
      hashes.push(pixelHash(image));
    }
    yield { label: "checking images", done: index + 1, total: own.entries.length, unit: "images" };
  }
  for (const group of duplicateGroups(hashes)) {
    for (const i of group.slice(1)) faults.push(duplicateFault(own.entries[usable[i]!]!.name));
  }

  const named = [...own.entries.map(({ name }) => name), ...brokenImages(source.problems, links)];
  const findings = errorsFirst([...checkNames(named, output), ...gather(faults)]);
  if (usable.length === 0) return { findings };
  const images = { ...source, entries: usable.map((i) => own.entries[i]!), problems: [] };
  return { findings, images };
}

/** Room for metadata, and for pixels of 16 bits and four channels that do not compress. */
const fileBytes = ({ size }: ImagesOutput) =>
  2 ** 20 + 16 * (size ? size.width * size.height : LIMITS.pixels);

/** Without images: a source without entries. */
async function open(folder: string, output: ImagesOutput): Promise<ImageSource> {
  const limits = { fileBytes: Math.min(fileBytes(output), LIMITS.fileBytes) };
  try {
    return await openImages(folder, { limits });
  } catch (error) {
    if (!(error instanceof NoImagesError)) throw error;
    const none = async () => {
      throw error;
    };
    const source = { path: folder, kind: "folder" as const, entries: [], problems: error.problems };
    return { ...source, limits: { ...LIMITS, ...limits }, read: none, close: async () => {} };
  }
}

/** Files that are meant to be images: empty ones, and those that are too large. */
function brokenImages(problems: readonly Problem[], links: ReadonlySet<string>): string[] {
  return problems
    .filter(({ kind, file }) => !links.has(file) && (kind === "empty" || kind === "too-many-bytes"))
    .map(({ file }) => file);
}

function faultOf({ file, kind, message }: Problem): Fault {
  return { code: CODES[kind] ?? "unreadable", severity: "error", message, file };
}

/**
 * Of a file that was not opened: one that is not called like an image is not meant to be one. One of a format that is not read may be an
 * animation beside the images; where it stands for one of them, that one is missing, which is an error.
 */
function faultOfUnopened(problem: Problem): Fault {
  const { kind, file, message } = problem;
  if (kind === "other-format") return { code: kind, severity: "warning", message, file };
  if (kind !== "not-an-image") return faultOf(problem);
  const found = "expected images alone, found other files";
  return { code: "other-file", severity: "warning", message: found, file };
}

function linkFault(file: string): Fault {
  return {
    code: "link",
    severity: "error",
    message: "expected files, found links, which are not followed",
    file,
  };
}

function duplicateFault(file: string): Fault {
  return {
    code: "duplicate",
    severity: "warning",
    message: "expected different images, found the same pixels again",
    file,
  };
}

const FORMAT_NAMES = { png: "PNG", jpeg: "JPEG", webp: "WebP" };
const SUFFIXES = { png: /\.png$/i, jpeg: /\.jpe?g$/i, webp: /\.webp$/i };

function faultsOfLook(file: string, look: Look | undefined, { format, colour }: ImagesOutput): Fault[] {
  const faults: Fault[] = [];
  const error = (code: string, message: string) => faults.push({ code, severity: "error", message, file });
  const warn = (code: string, message: string) => faults.push({ code, severity: "warning", message, file });
  const wanted = FORMAT_NAMES[format];
  if (look?.format !== format) {
    error("format", `expected ${wanted}, found ${look ? FORMAT_NAMES[look.format] : "something else"}`);
    return faults;
  }
  if (!SUFFIXES[format].test(file))
    warn("name", `expected names that end like those of ${wanted}, found others`);
  if (look.animated) error("animated", "expected one image in each file, found an animation");
  if (look.gray && colour === "rgb") error("colour", "expected RGB, found gray alone");
  if (look.palette) warn("pixels", "expected RGB, found a palette; its colours were looked up");
  if (look.alpha) warn("pixels", "expected RGB, found an alpha channel; it was dropped");
  if (look.deep) warn("pixels", "expected 8 bits a channel, found 16; the high ones were kept");
  return faults;
}
