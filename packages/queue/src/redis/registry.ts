/** Which workers there are, for the coordinator to say why nobody takes its tasks. */

import { randomUUID } from "node:crypto";
import { build } from "@touchstone/grader";
import type { Redis } from "ioredis";
import type { Device } from "../locks/devices.ts";
import type { AssignmentFile } from "../task.ts";
import { WORKER } from "../task-events.ts";

export interface WorkerCard {
  /** `host:pid` */
  name: string;
  assignment: Pick<AssignmentFile, "id" | "sha256">;
  version: string;
  device: Device;
  slots: number;
}

const PREFIX = "touchstone:workers:";
const LASTS_S = 10;

/** Says that this worker is there, until what is returned is called. */
export function announce(
  redis: Redis,
  card: Pick<WorkerCard, "assignment" | "device" | "slots">,
): () => Promise<void> {
  const key = `${PREFIX}${randomUUID()}`;
  const text = JSON.stringify({ ...card, name: WORKER, version: build() } satisfies WorkerCard);
  // While Redis is away, it is said again the next time.
  const say = () => void redis.set(key, text, "EX", LASTS_S).catch(() => {});
  say();
  const timer = setInterval(say, (LASTS_S * 1000) / 4);
  return async () => {
    clearInterval(timer);
    await redis.del(key).catch(() => {});
  };
}

export async function workers(redis: Redis): Promise<WorkerCard[]> {
  const keys: string[] = [];
  for (let cursor = "0"; ; ) {
    const [next, found] = await redis.scan(cursor, "MATCH", `${PREFIX}*`, "COUNT", 1000);
    keys.push(...found);
    cursor = next;
    if (cursor === "0") break;
  }
  const texts = keys.length === 0 ? [] : await redis.mget(keys);
  return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as WorkerCard]));
}

/** A sentence on why none of them takes these tasks; nothing where one does. */
export function whyNoneTakes(
  cards: readonly WorkerCard[],
  { id, sha256 }: Pick<AssignmentFile, "id" | "sha256">,
  device: Device,
): string | undefined {
  const differences = cards.map(({ name, assignment, version, device: own }) => {
    if (version !== build()) return `${name} has Touchstone ${version}, not ${build()}`;
    if (assignment.id !== id) return `${name} grades ${assignment.id}`;
    if (assignment.sha256 !== sha256) return `${name} has another file of ${id}`;
    return own === device ? undefined : `${name} takes what needs the ${own}`;
  });
  if (differences.includes(undefined)) return undefined;
  const found = differences.length === 0 ? "there is none" : differences.join("; ");
  return `No worker takes the tasks of ${id} that need the ${device}: ${found}. \`pnpm grade worker\` starts one.`;
}
