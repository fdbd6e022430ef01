#!/usr/bin/env node
import { register } from "tsx/esm/api";

// `npx weather` in this workspace: the command from its source. Docker's image has it as one bundled file instead.
register();
await import("../src/main.ts");
