import Fastify from "fastify";

// A program: a bare Fastify route that sends the bytes which another URL gave. Argument: that URL.
const response = await fetch(process.argv[2] ?? "");
const type = response.headers.get("content-type") ?? "";
const body = await response.text();
const http = Fastify();
http.get("/bare", (_, reply) => reply.type(type).send(body));
console.log(`bare-fastify answers ${await http.listen({ host: "127.0.0.1", port: 0 })}/bare`);
process.once("SIGTERM", () => void http.close());
