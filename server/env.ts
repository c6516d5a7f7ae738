import { resolve } from "node:path";
import { z } from "zod";

/** The only place that reads the process environment; everything else takes values from here. */
const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  /** Data folder: embedded database, artifacts, secrets, mail. */
  PARSIMONY_HOME: z.string().min(1).default(".parsimony"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Address that people use, for links in e-mail; by default that of this machine. */
  PARSIMONY_URL: z.url().optional(),
  /** smtp:// or smtps:// address; without it, mail is written to the mail folder. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default("Parsimony <parsimony@localhost>"),
  /** Largest upload in bytes. */
  PARSIMONY_UPLOAD_LIMIT: z.coerce
    .number()
    .int()
    .positive()
    .default(2 * 1024 ** 3),
  /** Runs that one worker process executes at a time. */
  PARSIMONY_WORKER_SLOTS: z.coerce.number().int().min(1).max(64).default(2),
  /** The longest that a run may take; the queue gives up a job after six hours. */
  PARSIMONY_RUN_SECONDS: z.coerce.number().int().min(1).max(18_000).default(7_200),
  /** The most memory in MiB that a run may take; by default its share of four fifths of the machine's. */
  PARSIMONY_RUN_MEMORY_MIB: z.coerce.number().int().min(256).optional(),
  /** From one checkpoint of a training to the next, at least: what is lost at most when a worker is ended. */
  PARSIMONY_CHECKPOINT_SECONDS: z.coerce.number().min(0.1).max(3_600).default(15),
  /**
   * Name of the lock that lets one run of this host measure at a time. Under another name, measurements disturb those
   * of the first: for tests, whose figures nobody reads.
   */
  PARSIMONY_MEASURE_LOCK: z
    .string()
    .regex(/^[\w-]{1,60}$/)
    .optional(),
  /** Secret shared by several web processes; by default generated into the data folder. */
  PARSIMONY_SECRET: z.string().min(32).optional(),
});

export type Env = z.infer<typeof schema> & { readonly home: string };

function read(): Env {
  // A variable that is set to nothing is a variable that is not set.
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not valid:\n${lines.join("\n")}`);
  }
  return { ...parsed.data, home: resolve(parsed.data.PARSIMONY_HOME) };
}

let cached: Env | undefined;

/** The validated environment, read once. */
export function env(): Env {
  cached ??= read();
  return cached;
}
