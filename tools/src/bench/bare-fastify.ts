import Fastify from "fastify";

// A program: a bare Fastify route that sends the bytes which another URL gave. Argument: that URL. Headers are bytes, too:
// Node.js and autocannon spend time on each.
const response = await fetch(process.argv[2] ?? "");
const byNode = ["date", "connection", "keep-alive", "content-length"];
const headers = Object.fromEntries([...response.headers].filter(([name]) => !byNode.includes(name)));
const body = await response.text();
const http = Fastify();
http.get("/bare", (_, reply) => reply.headers(headers).send(body));
console.log(`bare-fastify answers ${await http.listen({ host: "127.0.0.1", port: 0 })}/bare`);
process.once("SIGTERM", () => void http.close());
