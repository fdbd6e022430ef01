type Listener = () => void;

/**
 * An `AbortSignal` for the sockets of one connection, of which there is one at a time. Node keeps each socket that was opened with a
 * signal for as long as the signal lives (`net.connect` never takes its listener off): here, those that are gone are let go.
 */
export class OpenSockets {
  readonly #listeners = new Set<Listener>();
  aborted = false;
  reason: Error | undefined;

  addEventListener(_: "abort", listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: "abort", listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** The socket is gone, or was never open. */
  letGo(): void {
    this.#listeners.clear();
  }

  /** Closes the socket, also one that is just being opened. */
  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
    this.letGo();
  }
}
