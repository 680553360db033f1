// What `Slot` forks: the program of a slot, from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/slot/child.ts");
