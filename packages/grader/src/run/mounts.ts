/** What a contained submission sees of the file system, and where it may write. */

import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";

export interface Mount {
  kind: "read" | "write" | "device" | "empty-folder" | "empty-file";
  /** What is shown there; of the empty ones, the target itself. */
  source: string;
  target: string;
}

/** Programs, libraries and settings. Not /home, /root, /run, /var: whose they are, and what listens there, is not its business. */
const system = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc",
  "/opt",
  "/nix",
  "/sys",
];

/** Of the settings, what a grader that runs as root could read. */
const secrets = ["/etc/shadow", "/etc/gshadow", "/etc/ssh", "/etc/ssl/private"];

export interface MountRequest {
  /** Becomes /tmp. */
  scratch: string;
  writable: readonly string[];
  readable: readonly string[];
  hidden: readonly string[];
  network: boolean;
  gpu: boolean;
}

/** In the order in which they are to be made: what lies deeper comes later, so that it shows. */
export function planMounts(request: MountRequest): Mount[] {
  const shown: Mount[] = [
    ...system.filter(existsSync).map((path) => bind("read", path)),
    ...request.readable.map((path) => bind("read", path)),
    bind("write", request.scratch, "/tmp"),
    ...request.writable.map((path) => bind("write", path)),
    ...(request.network ? nameServers() : []),
    ...(request.gpu ? gpuDevices().map((path) => bind("device", path)) : []),
  ];
  const hidden = [...secrets, ...request.hidden]
    .filter(existsSync)
    .flatMap((path) => hide(realpathSync(path), shown));
  return [...shown, ...hidden].sort((one, other) => depth(one) - depth(other) || rank(one) - rank(other));
}

function bind(kind: Mount["kind"], path: string, target = path): Mount {
  return { kind, source: realpathSync(path), target };
}

/** Whatever is not shown is hidden already; the rest is covered wherever it shows, by whatever name. */
function hide(path: string, shown: readonly Mount[]): Mount[] {
  const kind = lstatSync(path).isDirectory() ? "empty-folder" : "empty-file";
  return shown.flatMap(({ source, target }) => {
    const inside = relative(source, path);
    if (inside.startsWith("..") || isAbsolute(inside)) return [];
    return [{ kind, source: path, target: join(target, inside) } as const];
  });
}

/** Whether a program at `path` can be started behind these mounts. */
export function shows(mounts: readonly Mount[], path: string): boolean {
  return [path, realpathSync(path)].every((each) => {
    const top = mounts.findLast(({ target }) => each === target || each.startsWith(join(target, "/")));
    return top !== undefined && (top.kind === "read" || top.kind === "write");
  });
}

/** /etc/resolv.conf often is a link into /run. */
function nameServers(): Mount[] {
  const path = "/etc/resolv.conf";
  if (!existsSync(path) || realpathSync(path).startsWith("/etc/")) return [];
  return [bind("read", realpathSync(path))];
}

/** Of NVIDIA, AMD and Intel, as far as they are here. */
export function gpuDevices(): string[] {
  if (!existsSync("/dev")) return [];
  return readdirSync("/dev")
    .filter((name) => /^(nvidia|dri$|kfd$|dxg$)/.test(name))
    .map((name) => join("/dev", name));
}

const depth = ({ target }: Mount) => target.split("/").filter(Boolean).length;
const rank = ({ kind }: Mount) => ["read", "device", "write", "empty-folder", "empty-file"].indexOf(kind);
