/** One GET request: redirects that never leave https, proxies, and which failures are worth another try. */

import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { InvalidOptionError } from "../errors.ts";
import { DownloadError } from "./errors.ts";

/** May succeed when tried again. */
export class TransientError extends Error {
  /** What the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(found: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(found, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** How requests are made: through the proxies of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, until the signal, and how patiently. */
export interface Connection {
  dispatcher: Dispatcher;
  stallTimeoutMs: number;
  signal: AbortSignal | undefined;
}

/** @throws InvalidOptionError if the address of a proxy is none */
export function connect(stallTimeoutMs: number, signal: AbortSignal | undefined): Connection {
  try {
    return { dispatcher: new EnvHttpProxyAgent({ bodyTimeout: stallTimeoutMs }), stallTimeoutMs, signal };
  } catch (error) {
    throw new InvalidOptionError(
      "HTTPS_PROXY or HTTP_PROXY",
      "the address of a proxy",
      (error as Error).message,
    );
  }
}

const REDIRECTS = 10;
const CHECK_ADDRESS =
  "Check the address and your connection, or name a mirror with --mirror or TOUCHSTONE_MIRROR.";

/**
 * The response at the end of all redirects: 200, 206 or 416.
 *
 * @throws TransientError, DownloadError
 */
export async function get(
  url: string,
  headers: Record<string, string>,
  connection: Connection,
): Promise<Dispatcher.ResponseData> {
  let address = parse(url, url);
  for (let hops = 0; ; hops++) {
    const response = await answer(url, address, headers, connection);
    const { statusCode } = response;
    if (statusCode === 200 || statusCode === 206 || statusCode === 416) return response;
    await response.body.dump();
    if (![301, 302, 303, 307, 308].includes(statusCode)) throw failure(url, response);
    if (hops === REDIRECTS)
      throw new DownloadError(url, `at most ${REDIRECTS} redirects`, "more", CHECK_ADDRESS);
    address = redirected(url, address, response.headers.location);
  }
}

async function answer(
  url: string,
  address: URL,
  headers: Record<string, string>,
  { dispatcher, stallTimeoutMs, signal }: Connection,
): Promise<Dispatcher.ResponseData> {
  // Not left to undici's own limits: to a proxy that hangs up on CONNECT it connects again and again, for ever.
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), stallTimeoutMs);
  const either = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  try {
    return await request(address, { headers, dispatcher, signal: either });
  } catch (error) {
    if (silence.signal.aborted) throw new TransientError(`no answer within ${stallTimeoutMs / 1000} s`);
    return refuse(url, error, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns what a request or its body threw into one of our errors. */
export function refuse(url: string, error: unknown, signal: AbortSignal | undefined): never {
  if (signal?.aborted) throw error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  const found = message || code;
  // A name that does not exist, a certificate that is not trusted, a proxy that refuses: no better a moment later.
  if (code === "ENOTFOUND") throw new DownloadError(url, "a server", "no host of that name", CHECK_ADDRESS);
  if (/CERT|SIGNATURE|SIGNED|TLS|SSL/.test(code)) {
    const advice =
      "Behind a proxy with a certificate of its own, NODE_EXTRA_CA_CERTS names the file that holds it.";
    throw new DownloadError(url, "a trusted certificate", found, advice, { cause: error });
  }
  if (code === "UND_ERR_ABORTED") {
    const advice = "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.";
    throw new DownloadError(url, "a connection through the proxy", found, advice, { cause: error });
  }
  throw new TransientError(found, { cause: error });
}

function failure(url: string, { statusCode, headers }: Dispatcher.ResponseData): Error {
  if (statusCode === 408 || statusCode === 429 || statusCode >= 500) {
    const seconds = Number(headers["retry-after"]);
    return new TransientError(
      `HTTP status ${statusCode}`,
      Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {},
    );
  }
  return new DownloadError(url, "the file", `HTTP status ${statusCode}`, CHECK_ADDRESS);
}

function redirected(url: string, from: URL, location: string | string[] | undefined): URL {
  if (typeof location !== "string")
    throw new DownloadError(url, "a redirect", "one without target", CHECK_ADDRESS);
  const to = parse(url, location, from);
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new DownloadError(url, "redirects that stay on https", to.href, CHECK_ADDRESS);
  }
  return to;
}

function parse(url: string, address: string, base?: URL): URL {
  const parsed = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (parsed?.protocol === "https:" || parsed?.protocol === "http:") return parsed;
  throw new DownloadError(url, "an http or https address", `"${address}"`, CHECK_ADDRESS);
}
