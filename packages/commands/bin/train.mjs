#!/usr/bin/env node
// `pnpm train`: runs the command from its TypeScript source.
import { register } from "tsx/esm/api";

register();
await import("../src/train.ts");
