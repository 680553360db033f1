import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../datasets/test/image-files.ts";
import { DeviceLocks } from "./devices.ts";
import { self } from "./live.ts";
import { takeLock } from "./lock.ts";

const exclusive = { mode: "exclusive" } as const;
const shared = { mode: "shared" } as const;

it("lets one in at a time, however many come at once, and leaves nothing", async () => {
  const folder = temporaryFolder();
  let inside = 0;
  const visits = Array.from({ length: 12 }, async () => {
    const release = await takeLock(folder, exclusive);
    inside++;
    await sleep(2);
    expect(inside).toBe(1);
    inside--;
    await release();
  });
  await Promise.all(visits);
  expect(readdirSync(folder)).toEqual([]);
});

it("lets those in together who share, and keeps new ones waiting behind one who does not", async () => {
  const folder = temporaryFolder();
  const order: string[] = [];
  const [one, other] = [await takeLock(folder, shared), await takeLock(folder, shared)];
  const alone = takeLock(folder, exclusive).then((release) => {
    order.push("alone");
    return release;
  });
  await sleep(100);
  const late = takeLock(folder, shared).then((release) => {
    order.push("late");
    return release;
  });
  await sleep(100);
  expect(order).toEqual([]);
  await one();
  await other();
  await (await alone)();
  await (await late)();
  expect(order).toEqual(["alone", "late"]);
});

it("does not wait for the dead, nor for another machine that gives no sign of life", async () => {
  const folder = temporaryFolder();
  const dead = [
    `choosing-0-exclusive-${2 ** 22 + 1}-1-aaaa-${self.host}`,
    // The number has been given to another process since.
    `ticket-1-exclusive-${self.pid}-${self.start + 1}-bbbb-${self.host}`,
    "ticket-2-exclusive-1-1-cccc-elsewhere",
  ];
  for (const name of dead) writeFileSync(join(folder, name), "");
  utimesSync(join(folder, dead[2]!), 0, 0);
  const release = await takeLock(folder, { ...exclusive, lostAfter: 5 });
  expect(readdirSync(folder)).toHaveLength(1);
  await release();

  writeFileSync(join(folder, "ticket-3-exclusive-1-1-dddd-elsewhere"), "");
  const signal = AbortSignal.timeout(300);
  await expect(takeLock(folder, { ...exclusive, lostAfter: 5, signal })).rejects.toThrow("timeout");
  expect(readdirSync(folder)).toEqual(["ticket-3-exclusive-1-1-dddd-elsewhere"]);
});

it("a timed run waits for the others' work, which goes on after it", async () => {
  const folder = temporaryFolder();
  const one = new DeviceLocks(["cpu"], undefined, folder);
  const two = new DeviceLocks(["cpu", "gpu"], undefined, folder);
  await one.share();
  await two.share();
  let isAlone = false;
  const alone = one.alone("cpu").then((share) => {
    isAlone = true;
    return share;
  });
  await sleep(150);
  expect(isAlone).toBe(false);
  // Both timed: each lets go of what it shares.
  const shareTwo = two.alone("gpu");
  const shareOne = await alone;
  await shareOne();
  await (await shareTwo)();
  await Promise.all([one.release(), two.release()]);
  expect(readdirSync(join(folder, "cpu"))).toEqual([]);
  expect(readdirSync(join(folder, "gpu"))).toEqual([]);
});
