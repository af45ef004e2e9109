// The connection to the instrument: a WebSocket that comes back.  address -> messages, frames; lines ->
// Events: "message" (detail: what was said), "frame" (detail: a DataView), "open", "close".

const [FIRST_MS, LONGEST_MS] = [300, 5000];
const MOST_WAITING_BYTES = 1 << 16; // a connection that takes nothing: what a hand does now would be heard much later

export class Connection extends EventTarget {
  /** @param {URL} url of the WebSocket */
  constructor(url) {
    super();
    /** @type {WebSocket | undefined} */
    this.socket = undefined;
    this.url = url;
    this.wait_ms = FIRST_MS;
    this.isClosed = false;
    this.#connect();
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  #connect() {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      this.wait_ms = FIRST_MS;
      this.dispatchEvent(new Event("open"));
    });
    socket.addEventListener("message", ({ data }) => this.#hear(data));
    for (const end of ["close", "error"]) socket.addEventListener(end, () => this.#again(socket)); // some say only one of the two
  }

  /** @param {string | ArrayBuffer} data */
  #hear(data) {
    if (typeof data === "string") this.dispatchEvent(new CustomEvent("message", { detail: JSON.parse(data) }));
    else this.dispatchEvent(new CustomEvent("frame", { detail: new DataView(data) }));
  }

  /** Try again, each time after a longer while. @param {WebSocket} socket that has ended */
  #again(socket) {
    if (this.isClosed || this.socket !== socket) return;
    this.socket = undefined;
    socket.close();
    this.dispatchEvent(new Event("close"));
    setTimeout(() => !this.isClosed && this.#connect(), this.wait_ms * (0.75 + 0.5 * Math.random()));
    this.wait_ms = Math.min(this.wait_ms * 2, LONGEST_MS);
  }

  /** Say a line; whether it is on its way. @param {Record<string, unknown>} line */
  say(line) {
    if (!this.socket || !this.isOpen || this.socket.bufferedAmount > MOST_WAITING_BYTES) return false;
    this.socket.send(JSON.stringify(line));
    return true;
  }

  close() {
    this.isClosed = true;
    this.socket?.close();
  }
}
