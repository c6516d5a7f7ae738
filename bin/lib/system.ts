import { join } from "node:path";
import { root } from "./install.ts";
import { freePort, type RunningPostgres, startPostgres } from "./postgres.ts";
import { Service } from "./supervisor.ts";

/** A worker waits most of the time: garbage of its start should not stay for as long. */
export const workerFlags = ["--max-semi-space-size=4"];
/**
 * More than twice what the largest pages need: without a bound, garbage grows to a share of the whole machine's memory.
 * A large answer is young garbage and should die young. Not while developing: there the process compiles, too.
 */
const webFlags = { production: ["--max-old-space-size=384", "--max-semi-space-size=32"], development: [] };

export interface SystemOptions {
  readonly home: string;
  readonly port: number;
  /** A database of one's own; without it the embedded one is started. */
  readonly databaseUrl: string | undefined;
  readonly mode: "production" | "development";
  readonly onLine: (name: string, line: string) => void;
}

/** Database, web and worker of one installation, started stage by stage and stopped in the reverse order. */
export class System {
  readonly #options: SystemOptions;
  #postgres: RunningPostgres | undefined;
  #services: Service[] = [];
  #stopping = false;
  #databaseUrl = "";

  constructor(options: SystemOptions) {
    this.#options = options;
  }

  get databaseUrl(): string {
    return this.#databaseUrl;
  }

  async startDatabase(): Promise<string> {
    if (this.#options.databaseUrl) {
      this.#databaseUrl = this.#options.databaseUrl;
      return new URL(this.#databaseUrl).host;
    }
    const { secrets } = await import("#server/auth/secrets.ts");
    const password = secrets(this.#options.home).database;
    const dataDir = join(this.#options.home, "postgres");
    const port = await freePort();
    const start = () => startPostgres({ dataDir, password, port });
    this.#postgres = await start();
    this.#databaseUrl = this.#postgres.url("parsimony");
    void this.#keepDatabase(start);
    return `PostgreSQL on 127.0.0.1:${port}`;
  }

  /** Starts the database again on the same port when it ends by itself. */
  async #keepDatabase(start: () => Promise<RunningPostgres>): Promise<void> {
    while (this.#postgres) {
      await this.#postgres.ended;
      if (this.#stopping) return;
      this.#options.onLine("database", "ended unexpectedly; starting it again");
      await new Promise((resolve) => setTimeout(resolve, 500));
      if (this.#stopping) return;
      this.#postgres = await start().catch((error: unknown) => {
        this.#options.onLine("database", String(error));
        return undefined;
      });
    }
  }

  async migrate(): Promise<string[]> {
    const { ensureDatabase, migrate } = await import("#server/db/migrate.ts");
    await ensureDatabase(this.#databaseUrl);
    return migrate(this.#databaseUrl);
  }

  /** Environment of the processes that this system runs. */
  environment(): Record<string, string> {
    const { home, port, mode } = this.#options;
    return {
      NODE_ENV: mode,
      PARSIMONY_HOME: home,
      DATABASE_URL: this.#databaseUrl,
      PORT: String(port),
      NEXTAUTH_URL: process.env.PARSIMONY_URL || `http://localhost:${port}`,
      NEXT_TELEMETRY_DISABLED: "1",
    };
  }

  async startService(name: "web" | "worker"): Promise<Record<string, unknown>> {
    const entry = join(root, name === "web" ? "server/main.ts" : "workers/main.ts");
    const flags = name === "worker" ? workerFlags : webFlags[this.#options.mode];
    const service = new Service({
      name,
      entry,
      flags,
      env: this.environment(),
      onLine: this.#options.onLine,
    });
    this.#services.push(service);
    return service.start();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await Promise.all(this.#services.map((service) => service.stop()));
    await this.#postgres?.stop();
  }
}
