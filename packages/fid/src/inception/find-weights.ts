/** Where the weights are: named by the user, in a cache, or behind a download. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Work } from "@touchstone/cli";
import { cacheFolder, DownloadError, download } from "@touchstone/datasets";
import { UnreadableWeightsError, WeightsNotFoundError } from "./errors.ts";
import { STATE_DICT_NAME, STATE_DICT_SHA256, STATE_DICT_URL } from "./original-weights.ts";

/** A file that can be fetched. */
export interface Published {
  url: string;
  name: string;
  /** What torch-fidelity calls the same file in PyTorch's cache. */
  otherName: string;
  pin: { sha256: string; size: number };
}

const PYTORCH_FID: Published = {
  url: STATE_DICT_URL,
  name: STATE_DICT_NAME,
  otherName: "weights-inception-2015-12-05-6726825d.pth",
  pin: {
    sha256: STATE_DICT_SHA256,
    size: 95_628_359,
  },
};

export interface FindWeightsOptions {
  /** Path of a file that the user names; without it, `TOUCHSTONE_INCEPTION` and the caches are looked at. */
  weights?: string;
  /** Download nothing. */
  offline?: boolean;
  signal?: AbortSignal;
}

export interface WeightsFile {
  path: string;
  /** Of the whole file, hexadecimal. */
  sha256: string;
}

/** The folder of our cache that holds these weights, downloaded and converted. */
export function weightsFolder(): string {
  return join(cacheFolder(), "inception");
}

/**
 * The file of weights: the one that is named, else pytorch-fid's from our cache, from PyTorch's or downloaded into ours (from
 * TOUCHSTONE_MIRROR, a copy of our cache behind a web server, where that is set).
 *
 * @throws UnreadableWeightsError, WeightsNotFoundError; ChecksumError, StorageError
 */
export async function* findWeights(
  { weights, offline = false, signal }: FindWeightsOptions = {},
  published: Published = PYTORCH_FID,
): Work<WeightsFile> {
  const fromEnvironment = process.env.TOUCHSTONE_INCEPTION;
  if (weights !== undefined) return await namedFile(weights, "--weights", signal);
  if (fromEnvironment) return await namedFile(fromEnvironment, "TOUCHSTONE_INCEPTION", signal);

  const destination = join(weightsFolder(), published.name);
  const looked: [string, string][] = [
    ["--weights", "not given"],
    ["TOUCHSTONE_INCEPTION", "not set"],
  ];
  for (const path of [destination, ...pytorchsCopies(published)]) {
    const { size } = (await stat(path).catch(() => undefined)) ?? {};
    if (size === published.pin.size) {
      const sha256 = await hashOf(path, signal).catch(() => undefined);
      signal?.throwIfAborted();
      if (sha256 === published.pin.sha256) return { path, sha256 };
    }
    looked.push([path, size === undefined ? "nothing" : "a damaged file, or another one"]);
  }
  if (offline) throw new WeightsNotFoundError(looked);

  const mirror = process.env.TOUCHSTONE_MIRROR;
  const url = mirror ? `${mirror.replace(/\/+$/, "")}/inception/${published.name}` : published.url;
  const label = "weights of Inception-v3";
  try {
    yield* download({ url, pin: published.pin, destination, label, ...(signal && { signal }) });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new WeightsNotFoundError([...looked, [url, error.found]], error);
  }
  return { path: destination, sha256: published.pin.sha256 };
}

/** Where PyTorch keeps what `torch.hub` downloads. */
function pytorchsCopies({ name, otherName }: Published): string[] {
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  const home = TORCH_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "torch");
  return [name, otherName].map((file) => join(home, "hub", "checkpoints", file));
}

/** No form of these weights has more; a larger file is another thing. */
const MAX_BYTES = 2 ** 29;

async function namedFile(
  path: string,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<WeightsFile> {
  const refuse = (found: string, cause?: unknown) => new UnreadableWeightsError(path, origin, found, cause);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw refuse("a folder");
    if (!stats.isFile()) throw refuse("something that is not a regular file");
    if (stats.size === 0) throw refuse("an empty file");
    if (stats.size > MAX_BYTES) throw refuse(`${stats.size} bytes, more than any form of these weights has`);
    return { path, sha256: await hashOf(path, signal) };
  } catch (error) {
    if (error instanceof UnreadableWeightsError || signal?.aborted) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw refuse(code === "ENOENT" || code === "ENOTDIR" ? "nothing there" : (code ?? message), error);
  }
}

async function hashOf(path: string, signal: AbortSignal | undefined): Promise<string> {
  const digest = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), digest, signal ? { signal } : {});
  return digest.digest("hex");
}
