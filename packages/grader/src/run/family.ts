/** The processes of a run: finds them wherever they hid, and ends them. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ControlGroup } from "./cgroup.ts";
import { LeftoverProcessesError } from "./errors.ts";
import { allPids, hasEnvironment, hasProc, type ProcessStat, readStat } from "./processes.ts";

/** Its value tells the processes of one run from all others, also when nothing else ties them to it. */
export const runIdVariable = "TOUCHSTONE_RUN_ID";

/** A process that is still there after this long is stuck in the kernel. */
const patienceMs = 10_000;

export class Family {
  readonly #root: number;
  readonly #mark: string;
  readonly #group: ControlGroup | undefined;
  readonly #born: number;
  /** By pid, when each was started: a later process with the same pid is another one. */
  readonly #known = new Map<number, number>();
  readonly #strangers = new Map<number, number>();

  /** @param root the process that we started, the leader of its session */
  constructor(root: number, runId: string, group?: ControlGroup) {
    this.#root = root;
    this.#mark = `${runIdVariable}=${runId}`;
    this.#group = group;
    this.#born = readStat(root)?.startTicks ?? 0;
    this.#known.set(root, this.#born);
  }

  /** Those that are alive, our own helpers among them. */
  members(): ProcessStat[] {
    return this.#group ? this.#remember(living(this.#group.members())) : this.#search();
  }

  /** Whether the process that we started has ended, even if we have not been told yet. */
  get ended(): boolean {
    return hasProc && readStat(this.#root)?.zombie !== false;
  }

  /** Kills at once what can be found now. SIGKILL straight away: what a limit stops has nothing left to tidy up. */
  kill(): void {
    this.#group?.kill();
    // The whole process group at once, while the number is surely its own.
    if (!hasProc || readStat(this.#root)?.startTicks === this.#born) signal(-this.#root, "SIGKILL");
    const members = this.#everyone();
    // Stopped first, so that none can start another while its siblings are being killed.
    for (const { pid } of members) signal(pid, "SIGSTOP");
    for (const { pid } of members) signal(pid, "SIGKILL");
  }

  /**
   * Kills until none is left.
   * @returns how many were still alive
   * @throws LeftoverProcessesError if some do not go
   */
  async end(): Promise<number> {
    const deadline = Date.now() + patienceMs;
    const found = this.#everyone().length;
    // Twice: one that is just starting a program has no environment to be known by.
    for (let clean = 0; clean < 2; ) {
      this.kill();
      const left = this.#everyone();
      clean = left.length === 0 ? clean + 1 : 0;
      if (left.length > 0 && Date.now() > deadline)
        throw new LeftoverProcessesError(left.map(({ pid }) => pid));
      if (left.length > 0) await sleep(5);
    }
    return found;
  }

  #everyone(): ProcessStat[] {
    this.#strangers.clear();
    const members = new Map(this.#search().map((stat) => [stat.pid, stat]));
    for (const stat of living(this.#group?.members() ?? [])) members.set(stat.pid, stat);
    return [...members.values()];
  }

  /** By descent, by session, by having been seen before, and by the mark in the environment. */
  #search(): ProcessStat[] {
    const members = new Set<number>();
    let rest = living(allPids()).filter(
      ({ pid, startTicks }) => pid !== process.pid && startTicks >= this.#born,
    );
    const all = rest;
    // Again while it finds some: a parent may come after its child in the list.
    for (let before = -1; before !== members.size; ) {
      before = members.size;
      rest = rest.filter((stat) => {
        const ours = members.has(stat.parent) || this.#isOurs(stat);
        if (ours) members.add(stat.pid);
        return !ours;
      });
    }
    return this.#remember(all.filter(({ pid }) => members.has(pid)));
  }

  /** One that leaves its parent, its session or its group afterwards is known all the same. */
  #remember(members: ProcessStat[]): ProcessStat[] {
    for (const { pid, startTicks } of members) this.#known.set(pid, startTicks);
    return members;
  }

  #isOurs(stat: ProcessStat): boolean {
    if (stat.session === this.#root || this.#known.get(stat.pid) === stat.startTicks) return true;
    if (this.#strangers.get(stat.pid) === stat.startTicks) return false;
    const marked = hasEnvironment(stat.pid, this.#mark);
    if (marked === false) this.#strangers.set(stat.pid, stat.startTicks);
    return marked === true;
  }
}

function living(pids: readonly number[]): ProcessStat[] {
  return pids.map(readStat).filter((stat) => stat !== undefined && !stat.zombie) as ProcessStat[];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has gone by itself.
  }
}
