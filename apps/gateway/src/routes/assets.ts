import type { FastifyInstance } from "fastify";
import assets from "../../page/assets.build.ts";
import { Problem } from "../problem.ts";

/** Serves the files that the page loads. Their names contain a hash, so they never change. */
export function assetsRoute(http: FastifyInstance): void {
  const byPath = new Map(
    Object.values(assets.files).map(({ path, type, bytes }) => [
      path,
      {
        type,
        identity: Buffer.from(bytes.identity, "base64"),
        gzip: Buffer.from(bytes.gzip, "base64"),
        br: Buffer.from(bytes.br, "base64"),
      },
    ]),
  );
  http.get("/assets/:name", (request, reply) => {
    const asset = byPath.get(request.url);
    if (!asset) throw new Problem(404, "No such file", `there is no ${request.url.slice(0, 100)}`);
    const coding = codingOf(request.headers["accept-encoding"]);
    if (coding !== "identity") void reply.header("content-encoding", coding);
    return reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("vary", "Accept-Encoding")
      .type(asset.type)
      .send(asset[coding]);
  });
}

/** The best content coding that `Accept-Encoding` allows. */
export const codingOf = (accepted = ""): "br" | "gzip" | "identity" =>
  (["br", "gzip"] as const).find((coding) =>
    new RegExp(`\\b${coding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted),
  ) ?? "identity";
