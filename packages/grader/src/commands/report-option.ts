/** `--report format=file`. */

import { UsageError } from "@touchstone/cli";

/** @throws UsageError */
export function parseReport<Render>(
  text: string,
  renderers: Readonly<Record<string, Render>>,
): { file: string; render: Render } {
  const [, format = "", file] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  const render = Object.hasOwn(renderers, format) ? renderers[format] : undefined;
  if (render !== undefined && file !== undefined) return { file, render };
  const known = Object.keys(renderers).join(", ");
  throw new UsageError("--report", `FORMAT=FILE, with one of the formats ${known}`, `"${text}"`);
}
