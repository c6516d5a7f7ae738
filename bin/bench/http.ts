import { request } from "node:http";
import { wire } from "#server/trpc/wire.ts";

/** A signed-in client that measures how long the server takes to answer. */
export class Client {
  readonly #base: string;
  readonly #cookies = new Map<string, string>();

  constructor(base: string) {
    this.#base = base;
  }

  #headers(): Record<string, string> {
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  #keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  async signIn(email: string, password: string): Promise<void> {
    const { csrfToken } = (await this.#keep(await fetch(`${this.#base}/api/auth/csrf`)).json()) as {
      csrfToken: string;
    };
    this.#keep(
      await fetch(`${this.#base}/api/auth/callback/credentials`, {
        method: "POST",
        headers: this.#headers(),
        body: new URLSearchParams({ csrfToken, email, password, json: "true" }),
        redirect: "manual",
      }),
    );
    if (![...this.#cookies.keys()].some((name) => name.endsWith("session-token")))
      throw new Error("The sign-in was refused.");
  }

  /** Calls a query and waits for the last byte of its answer, which is not unpacked: that is the reader's time. */
  async query(path: string, input: unknown): Promise<number> {
    const url = `${this.#base}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(wire.serialize(input)))}`;
    const response = await fetch(url, { headers: this.#headers() });
    const body = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200)
      throw new Error(`${path} answered ${response.status}: ${body.toString().slice(0, 300)}`);
    return body.byteLength;
  }

  async page(path: string): Promise<number> {
    const response = await fetch(`${this.#base}${path}`, { headers: this.#headers() });
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
    return (await response.arrayBuffer()).byteLength;
  }

  /** Opens a subscription and calls `onEvent` for each event until the returned function is called. */
  subscribe(path: string, input: unknown, onEvent: () => void): () => void {
    const url = `${this.#base}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(wire.serialize(input)))}`;
    const asked = request(
      url,
      { headers: { ...this.#headers(), accept: "text/event-stream" } },
      (response) => {
        response.setEncoding("utf8").on("data", (chunk: string) => {
          if (/^data: (?!\{?\}?\s*$)/m.test(chunk) && !chunk.includes("event: connected")) onEvent();
        });
      },
    );
    asked.on("error", () => {});
    asked.end();
    return () => asked.destroy();
  }

  /** Sends `bytes` of zeros in pieces to the upload address. */
  async upload(path: string, fileName: string, bytes: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const piece = Buffer.alloc(1 << 20);
      const asked = request(
        `${this.#base}${path}`,
        {
          method: "POST",
          headers: {
            ...this.#headers(),
            "content-length": bytes,
            "x-file-name": fileName,
            "content-type": "application/octet-stream",
          },
        },
        (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode ?? 0));
        },
      );
      asked.on("error", reject);
      let sent = 0;
      const push = () => {
        while (sent < bytes) {
          const part = piece.subarray(0, Math.min(piece.length, bytes - sent));
          sent += part.length;
          if (!asked.write(part)) {
            asked.once("drain", push);
            return;
          }
        }
        asked.end();
      };
      push();
    });
  }
}

/** Times `work` `count` times, one after the other, in milliseconds. */
export async function timed(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times;
}
