import { request, type ClientRequest } from "node:http";

/** As much of a browser's XMLHttpRequest as axios uses, over Node's sockets. */
export class FakeXMLHttpRequest extends EventTarget {
  status: number = 0;
  statusText: string = "";
  responseText: string = "";
  responseURL: string = "";
  responseType: string = "";
  timeout: number = 0;
  readyState: number = 0;
  readonly upload: EventTarget = new EventTarget();
  onloadend: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onabort: (() => void) | null = null;
  ontimeout: (() => void) | null = null;
  #method = "";
  #url = "";
  #sent: ClientRequest | undefined;
  #headers: Record<string, string> = {};
  #answered: Record<string, unknown> = {};

  get response(): unknown {
    return this.responseType === "blob" ? new Blob([this.responseText]) : this.responseText;
  }

  open(method: string, url: string): void {
    [this.#method, this.#url] = [method, url];
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  getAllResponseHeaders(): string {
    return Object.entries(this.#answered)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join("\r\n");
  }

  send(body: unknown): void {
    const sent = request(this.#url, { method: this.#method, headers: this.#headers, agent: false }, (answer) => {
      const { location } = answer.headers;
      if (location !== undefined) return this.#follow(location, answer.statusCode! < 304, body);
      this.status = answer.statusCode!;
      this.statusText = answer.statusMessage!;
      this.responseURL = this.#url;
      this.#answered = answer.headers;
      answer.on("data", (chunk: Buffer) => {
        this.responseText += chunk.toString();
        this.dispatchEvent(Object.assign(new Event("progress"), { loaded: this.responseText.length, total: 0 }));
      });
      answer.on("end", () => this.onloadend?.(new Event("loadend")));
      answer.on("error", () => this.onerror?.(new Event("error")));
    });
    this.#sent = sent;
    sent.on("error", () => this.onerror?.(new Event("error")));
    if (body instanceof Blob) void body.arrayBuffer().then((bytes) => sent.end(Buffer.from(bytes)));
    else sent.end(body ?? undefined);
  }

  #follow(location: string, afresh: boolean, body: unknown): void {
    this.#url = new URL(location, this.#url).href;
    if (afresh) this.#method = "GET";
    this.send(afresh ? null : body);
  }

  abort(): void {
    this.#sent?.destroy();
    this.onabort?.();
  }
}

// Before axios is loaded: it looks once.
Object.assign(globalThis, { XMLHttpRequest: FakeXMLHttpRequest });
