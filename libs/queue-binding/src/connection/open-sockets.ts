type Listener = () => void;

/**
 * An `AbortSignal` for the sockets of one connection, one at a time. `net.connect` never removes its listener from a signal,
 * so that an ordinary signal keeps every closed socket in memory. This one removes the listeners of closed sockets.
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

  /** Forgets a socket that is closed, or was never open. */
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
