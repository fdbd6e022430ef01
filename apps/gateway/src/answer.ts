import { hash } from "node:crypto";
import type { Reply } from "@weather/contracts";
import { refused } from "./problem.ts";

export type Answered = Exclude<Reply, { outcome: "refused" }>;

/** A reply that is no refusal. @throws {Problem} if it is one */
export function answered(reply: Reply): Answered {
  if (reply.outcome === "refused") throw refused(reply);
  return reply;
}

/** A digest that names a content, of letters, digits, `-` and `_`. */
export const digestOf = (text: string) => hash("sha256", text, "base64url").slice(0, 22);

/** What every answer has. */
export interface Said {
  readonly outcome: string;
  readonly issuedAt?: string;
  readonly server: string;
}

/**
 * A reply of a farm, and until when it is valid. It holds text and no object of a hundred parts: a thousand of these would cost the
 * garbage collector more than an answer is worth.
 */
export class Answer<Content extends Said = Answered> {
  /** The reply. */
  readonly json: string;
  /** Hash of the reply without `issuedAt` and `server`, so that two gateways, and two servers, give the same. */
  readonly digest: string;
  /** When it may change, in milliseconds of `Date.now()`. */
  readonly until: number;

  constructor({ outcome, issuedAt, server, ...content }: Content, until: number) {
    const text = JSON.stringify(content);
    this.json = `${JSON.stringify({ outcome, issuedAt, server }).slice(0, -1)},${text.slice(1)}`;
    this.digest = digestOf(text);
    this.until = until;
  }

  get reply(): Content {
    return JSON.parse(this.json) as Content;
  }
}
