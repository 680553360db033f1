import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { cacheFolder } from "./folder.ts";

const inHome = join(homedir(), ".cache", "touchstone");

it.each([
  [{}, inHome],
  [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/touchstone"],
  [{ XDG_CACHE_HOME: "relative" }, inHome],
  [{ XDG_CACHE_HOME: "/xdg", TOUCHSTONE_CACHE: "/own" }, "/own"],
  [{ TOUCHSTONE_CACHE: "own" }, resolve("own")],
  [{ TOUCHSTONE_CACHE: "", XDG_CACHE_HOME: "" }, inHome],
])("%o: %s", (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});
