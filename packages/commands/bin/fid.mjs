#!/usr/bin/env node
// `pnpm fid`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/fid.ts");
