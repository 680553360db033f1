import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ownName } from "../files/own-folder.ts";
import { ControlGroup, GROUP_PREFIX, groupsOf } from "./cgroup.ts";

describe("groupsOf", () => {
  it("finds our group in version 1 and in the hybrid's version 2", () => {
    const mounts = [
      "cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0",
      "cgroup /sys/fs/cgroup/blkio cgroup rw,relatime,blkio 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0",
      "proc /proc proc rw,relatime 0 0",
    ].join("\n");
    const own = "8:pids:/\n7:cpu,cpuacct:/jobs/7\n6:blkio:/\n0::/user.slice\n";
    expect(groupsOf(mounts, own)).toEqual([
      { folder: "/sys/fs/cgroup/pids", path: "/" },
      { folder: "/sys/fs/cgroup/cpu,cpuacct/jobs/7", path: "/jobs/7" },
      { folder: "/sys/fs/cgroup/unified/user.slice", path: "/user.slice" },
    ]);
  });

  it("finds nothing where there is nothing", () => {
    expect(groupsOf("", "")).toEqual([]);
  });
});

/** The kernel's own files cannot be had everywhere: a folder that looks like them. */
describe("ControlGroup on files as cgroups(7) describes them", () => {
  const folder = mkdtempSync(join(tmpdir(), "touchstone-cgroup-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("sets no limit that has no file, and counts nothing", async () => {
    const group = ControlGroup.create("bare", { memoryBytes: 1e6 }, 1, [folder])!;
    expect(group).toMatchObject({ limitsMemory: false, limitsProcesses: false });
    expect([group.members(), group.cpuSeconds(), group.refusedProcesses(), group.ranOutOfMemory()]).toEqual([
      [],
      undefined,
      0,
      false,
    ]);
    await group.remove();
  });

  it("ends what is left of a grader that was killed, and leaves those of others", async () => {
    const child = spawn("sleep", ["600"]);
    const { pid: gone } = spawnSync("true");
    const mine = ownName(GROUP_PREFIX, "run");
    const stale = mine.replace(`-${process.pid}-`, `-${gone}-`);
    for (const name of [mine, stale]) ControlGroup.create(name, {}, 1, [folder]);
    const ended = once(child, "exit");
    // A folder of files cannot be removed as a group can.
    writeFileSync(join(folder, stale, "cgroup.procs"), `${child.pid}\n`);
    // Nor can this be written to, as where another grader is just removing the group.
    mkdirSync(join(folder, stale, "cgroup.kill"));
    await ControlGroup.removeStale([folder]);
    expect((await ended)[1]).toBe("SIGKILL");
    expect(existsSync(join(folder, mine))).toBe(true);
  });

  it("reads what version 2 says", () => {
    const group = ControlGroup.create("second", {}, 1, [folder])!;
    const files = {
      "cgroup.procs": "12\n34\n",
      "cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
      "pids.events": "max 3\n",
      "memory.events": "low 0\noom 1\noom_kill 1\noom_group_kill 1\n",
      "memory.max": "max\n",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "second", name), text);
    expect(group.members()).toEqual([12, 34]);
    expect(group.cpuSeconds()).toBe(2.5);
    expect(group.refusedProcesses()).toBe(3);
    expect(group.ranOutOfMemory()).toBe(true);
    expect(group.limitsMemory).toBe(true);
  });

  it("reads what version 1 says, from several hierarchies", () => {
    for (const name of ["pids", "cpuacct", "memory"]) mkdirSync(join(folder, name));
    const hierarchies = ["pids", "cpuacct", "memory"].map((name) => join(folder, name));
    const group = ControlGroup.create("first", {}, 1, hierarchies)!;
    writeFileSync(join(folder, "cpuacct/first/cpuacct.usage"), "1500000000\n");
    writeFileSync(
      join(folder, "memory/first/memory.oom_control"),
      "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
    );
    expect(group.cpuSeconds()).toBe(1.5);
    expect(group.ranOutOfMemory()).toBe(true);
    expect(group.joinFiles).toHaveLength(3);
    group.kill();
    expect(() => readFileSync(join(folder, "pids/first/cgroup.kill"))).toThrow("ENOENT");
  });

  it("is undefined where none can be made", () => {
    expect(ControlGroup.create("x", {}, 1, ["/no/such"])).toBeUndefined();
    expect(ControlGroup.create("x", {}, 1, [])).toBeUndefined();
  });
});
