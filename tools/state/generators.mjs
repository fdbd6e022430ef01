// What Nx loads: the generators themselves are TypeScript without a build step.
import { tsImport } from "tsx/esm/api";

const generator =
  (file) =>
  async (...inputs) =>
    (await tsImport(file, import.meta.url)).default(...inputs);

export const server = generator("./src/server.ts");
export const remove = generator("./src/remove.ts");
