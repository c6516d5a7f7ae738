import { createServer } from "node:http";
import next from "next";
import { env } from "#server/env.ts";
import { log } from "#server/log/log.ts";

/**
 * The web process. A server of our own rather than `next start`, for two reasons: open event streams must not keep
 * it from ending, and uploads may take longer than Node's default limit of 300 seconds for a request.
 */
const { PORT: port, NODE_ENV } = env();
const dev = NODE_ENV === "development";
const app = next({ dev, dir: new URL("..", import.meta.url).pathname, port, hostname: "localhost" });
await app.prepare();
const handle = app.getRequestHandler();

const server = createServer({ requestTimeout: 0, headersTimeout: 30_000 }, (request, response) => {
  handle(request, response).catch((error: unknown) => {
    log.error("a request was not answered", error, { url: request.url });
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});

const upgrade = app.getUpgradeHandler();
if (dev) server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head));

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  server.close();
  server.closeAllConnections();
  await app.close();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop());
// The launcher is gone: nobody would stop this process any more.
process.on("disconnect", () => void stop());

server.on("error", (error) => {
  const reason = "code" in error && error.code === "EADDRINUSE" ? "port" : error.message;
  process.send?.({ kind: "failed", reason });
  log.error("the web server could not listen", error);
  process.exitCode = 1;
  void stop().finally(() => process.exit(1));
});
server.listen(port, () => {
  const address = server.address();
  process.send?.({
    kind: "ready",
    pid: process.pid,
    port: address && typeof address === "object" ? address.port : port,
  });
});
