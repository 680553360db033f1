/** What the supervising shell says about the submission beside it: see `supervised` for the lines. */

import type { Readable } from "node:stream";

/** More than it ever says. */
const maxLength = 4096;

export class Report {
  #text = "";
  /** As `performance.now()`, when the lines arrived. */
  startedAt: number | undefined;
  endedAt: number | undefined;

  constructor(stream: Readable, onStart: () => void) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      if (this.#text.length < maxLength) this.#text += text;
      if (this.startedAt === undefined && /^start$/m.test(this.#text)) {
        this.startedAt = performance.now();
        onStart();
      }
      if (/^end /m.test(this.#text)) this.endedAt ??= performance.now();
    });
    stream.on("error", () => {});
  }

  /** Alive when the submission had ended, in the namespace of the supervisor. */
  get processes(): number | undefined {
    const found = /^end (\d+)$/m.exec(this.#text);
    return found ? Number(found[1]) : undefined;
  }

  /** Of the submission and all the descendants that were waited for. */
  get cpuSeconds(): number {
    // `times` prints user and system time: its own, and on the next line its children's.
    const children = /^(\d+)m([\d.,]+)s (\d+)m([\d.,]+)s\s*$/.exec(
      this.#text.trim().split("\n").at(-1) ?? "",
    );
    if (!children || this.endedAt === undefined) return 0;
    const [userMinutes, user, systemMinutes, system] = children
      .slice(1)
      .map((text) => Number(text.replace(",", ".")));
    return 60 * (userMinutes! + systemMinutes!) + user! + system!;
  }
}
