/** Finds the line of the user's code that led to an error: the first stack frame outside this package and libraries. */

import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("..", import.meta.url));

export function userLine(stack: string | undefined = new Error().stack): string | undefined {
  for (const frame of (stack ?? "").split("\n").slice(1)) {
    const place = /\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/.exec(frame.trim())?.[1]?.replace("file://", "");
    if (place === undefined || place.startsWith("node:") || place.includes("/node_modules/")) continue;
    const isOurs = place.startsWith(HERE) && !/\.test\.[jt]s:/.test(place);
    if (!isOurs) return place;
  }
  return undefined;
}
