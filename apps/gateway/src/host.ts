import type { IncomingMessage } from "node:http";

/** A host and port. A list, which Node.js makes of several Host headers, does not match. */
const authority = /^[^\s,/?#@\\"<>]*$/;

/** Whether a request names one host. Only HTTP/1.0 allows none (RFC 9112, 3.2). */
export const namesHost = ({ httpVersion, headers: { host } }: IncomingMessage) =>
  host === undefined ? httpVersion !== "1.1" : authority.test(host);
