import { hash } from "node:crypto";
import type { Reply } from "@weather/contracts";
import { refused } from "./problem.ts";

export type Answered = Exclude<Reply, { outcome: "refused" }>;

/** A reply that is not a refusal. @throws {Problem} if it is a refusal */
export function answered(reply: Reply): Answered {
  if (reply.outcome === "refused") throw refused(reply);
  return reply;
}

/** A hash of a text: 22 characters of base64url. */
export const digestOf = (text: string) => hash("sha256", text, "base64url").slice(0, 22);

/** Fields of every reply that is not a refusal. */
export interface Said {
  readonly outcome: string;
  readonly issuedAt?: string;
  readonly server: string;
}

/**
 * A reply of a farm, and until when it is valid. It holds the reply as text: a thousand objects with a hundred fields each would
 * cost the garbage collector more time than the cache saves.
 */
export class Answer<Content extends Said = Answered> {
  /** The reply as JSON. */
  readonly json: string;
  /** Hash of the reply without `issuedAt` and `server`, so that it is the same from any gateway and any server. */
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
