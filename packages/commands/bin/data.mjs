#!/usr/bin/env node
// `pnpm data`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/data.ts");
