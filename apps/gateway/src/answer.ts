import { hash } from "node:crypto";
import type { Reply } from "@weather/contracts";
import { refused } from "./problem.ts";

export type Answered = Exclude<Reply, { outcome: "refused" }>;

/** A reply that is not a refusal. @throws {Problem} if it is a refusal */
export function answered(reply: Reply): Answered {
  if (reply.outcome === "refused") throw refused(reply);
  return reply;
}

/** A hash: 22 characters of base64url. */
export const digestOf = (content: string | Buffer) => hash("sha256", content, "base64url").slice(0, 22);

/** Fields of every reply that is not a refusal. */
export interface Said {
  readonly issuedAt?: string;
  readonly server: string;
}

/**
 * A reply of a farm, and until when it is valid. It holds the bytes that the server wrote, outside of V8's heap: a thousand objects
 * with a hundred fields each would cost the garbage collector more time than the cache saves.
 */
export class Answer<Content extends Said = Answered> {
  /** The reply: JSON in UTF-8. */
  readonly body: Buffer;
  /** Hash of the reply without `issuedAt` and `server`, so that it is the same from any gateway and any server. */
  readonly digest: string;
  /** When it may change, in milliseconds of `Date.now()`. */
  readonly until: number;

  /** @param body of this reply */
  constructor(body: Buffer, reply: Content, until: number) {
    this.body = body;
    this.digest = digestOf(lasting(body, reply));
    this.until = until;
  }

  get reply(): Content {
    return JSON.parse(this.body.toString()) as Content;
  }
}

/** What a server would write again for the same question: the reply without its time and its server. */
function lasting(body: Buffer, { issuedAt, server, ...content }: Said): Buffer | string {
  const written = JSON.stringify({ issuedAt, server }).slice(1, -1);
  const at = body.indexOf(written);
  // A server in another language may write JSON in another way.
  if (at < 0) return JSON.stringify(content);
  return Buffer.concat([body.subarray(0, at), body.subarray(at + Buffer.byteLength(written))]);
}
