/** Who may use a machine's devices: all at once, or a timed run alone. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceName } from "@touchstone/cli";
import type { Job } from "@touchstone/grader";
import { type Release, takeLock } from "./lock.ts";

export type Device = "cpu" | "gpu";

/** Of the machine's user: others' processes are no processes of ours. */
const LOCKS = join(tmpdir(), `touchstone-devices-${process.getuid?.() ?? "all"}`);

/** What a job uses, run and scores together, in the order in which all take them: no two can wait for each other. */
export function devicesOf({ problem }: Pick<Job, "problem">, device: DeviceName): Device[] {
  return problem.gpu || device !== "cpu" ? ["cpu", "gpu"] : ["cpu"];
}

/**
 * A job's devices, from its first file that is copied to its last score: shared with the others', but for a timed run, which waits until
 * these have come to the end of what they do, and keeps new ones waiting.
 */
export class DeviceLocks {
  readonly #devices: readonly Device[];
  readonly #signal: AbortSignal | undefined;
  readonly #folder: string;
  #held: Release[] = [];

  constructor(devices: readonly Device[], signal?: AbortSignal, folder = LOCKS) {
    this.#devices = devices;
    this.#signal = signal;
    this.#folder = folder;
  }

  share(): Promise<void> {
    return this.#take();
  }

  /** @returns what makes it share the devices again */
  async alone(device: Device): Promise<Release> {
    // Two that held on to what they share would wait for each other.
    await this.release();
    await this.#take(device);
    return async () => {
      await this.release();
      await this.share();
    };
  }

  async release(): Promise<void> {
    for (const release of this.#held.splice(0)) await release();
  }

  async #take(alone?: Device): Promise<void> {
    for (const device of this.#devices) {
      const mode = device === alone ? "exclusive" : "shared";
      this.#held.push(await takeLock(join(this.#folder, device), { mode, signal: this.#signal }));
    }
  }
}
