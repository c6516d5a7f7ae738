import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({
  /** Signs the session tokens. */
  auth: z.string().min(32),
  /** Password of the embedded database. */
  database: z.string().min(16),
});
export type Secrets = z.infer<typeof schema>;

/**
 * Secrets of this installation, generated on first use into the data folder, readable by its owner only.
 * Two processes that start at once agree: the file is linked into place complete, and only the first link wins.
 */
export function secrets(home: string): Secrets {
  const path = join(home, "secrets.json");
  if (!existsSync(path)) {
    mkdirSync(home, { recursive: true });
    const fresh: Secrets = {
      auth: randomBytes(48).toString("base64url"),
      database: randomBytes(24).toString("base64url"),
    };
    const draft = join(home, `.secrets-${process.pid}-${randomBytes(4).toString("hex")}`);
    writeFileSync(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if (!existsSync(path)) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
  return schema.parse(JSON.parse(readFileSync(path, "utf8")));
}
