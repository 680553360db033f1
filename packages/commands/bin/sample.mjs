#!/usr/bin/env node
// `pnpm sample`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/sample.ts");
