import { connect, type Socket } from "node:net";
import { frame, messageBytes, method, shortString, table, type BytesOfMessage } from "./amqp-bytes.ts";

/** An AMQP connection that sends arbitrary bytes on channel 1. After the opening it ignores what the broker sends. */
export class RawConnection {
  readonly #socket: Socket;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => (this.#closed = true));
  }

  /** Opens a connection and channel 1. @throws if the broker refuses this user */
  static async open(url: string): Promise<RawConnection> {
    const { hostname, port, username, password, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const connection = new RawConnection(socket);
    socket.setNoDelay(true);
    const plain = Buffer.from(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(plain.length);
    const startOk = [table(), shortString("PLAIN"), size, plain, shortString("en_US")];
    const vhost = shortString(decodeURIComponent(pathname.slice(1)) || "/");
    await connection.#exchange(Buffer.from("AMQP\0\0\x09\x01", "latin1"));
    const tune = await connection.#exchange(method(0, 10, 11, ...startOk));
    // One channel, the broker's largest frame, no heartbeats.
    const tuneOk = Buffer.concat([Buffer.from([0, 1]), tune.subarray(13, 17), Buffer.from([0, 0])]);
    socket.write(method(0, 10, 31, tuneOk));
    await connection.#exchange(method(0, 10, 40, vhost, shortString(""), Buffer.from([0])));
    await connection.#exchange(method(1, 20, 10, shortString("")));
    // Reads the socket, so that its end is noticed.
    socket.resume();
    return connection;
  }

  /** Whether the broker, or {@link close}, has closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  publish(message: BytesOfMessage): void {
    this.write(messageBytes(1, message));
  }

  /** Closes the connection after the broker has read everything. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    const reason = Buffer.from([0, 200, 0, 0, 0, 0, 0]);
    this.write(method(0, 10, 50, reason));
    this.write(frame(8, 0, Buffer.alloc(0)));
    const timer = setTimeout(() => this.#socket.destroy(), 2_000);
    await closed;
    clearTimeout(timer);
  }

  /** Sends bytes, and waits for one frame. */
  #exchange(bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error("the broker ended the raw connection while it opened"));
      this.#socket.once("close", ended);
      this.#socket.once("data", (answer: Buffer) => {
        this.#socket.off("close", ended);
        resolve(answer);
      });
      this.#socket.write(bytes);
    });
  }
}
