/** Connections to Redis: how they come back, and what may be said of their address. */

import { UsageError } from "@touchstone/cli";
import { Redis } from "ioredis";
import { RedisUnreachableError } from "../errors.ts";

const LONGEST_PAUSE_MS = 3000;

export interface ConnectionOptions {
  url: string;
  /** How often a command is sent again when the connection was lost; null for as long as it takes. */
  maxRetriesPerRequest: number | null;
  /** Milliseconds until it connects again. */
  retryStrategy(attempt: number): number;
}

/** @throws UsageError */
export function redisOptions(
  url: string,
  maxRetriesPerRequest: ConnectionOptions["maxRetriesPerRequest"],
): ConnectionOptions {
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError("--redis", "a URL such as redis://localhost:6379", `"${shownUrl(url)}"`);
  return {
    url,
    maxRetriesPerRequest,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS),
  };
}

/** Without what must not be printed. */
export function shownUrl(url: string): string {
  return url.replace(/^([^/]*\/\/)?.*@/s, "$1***@");
}

/** A connection that has answered, and comes back when it is lost. @throws UsageError, RedisUnreachableError */
export async function connect(url: string): Promise<Redis> {
  const { url: _, ...options } = redisOptions(url, 1);
  const redis = new Redis(url, { ...options, lazyConnect: true });
  let lost: unknown;
  redis.on("error", (error) => {
    lost = error;
  });
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new RedisUnreachableError(shownUrl(url), lost ?? error);
  }
}
