import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { env } from "#server/env.ts";
import { log } from "#server/log/log.ts";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** True where mail really leaves; otherwise it is written to the mail folder, and the operator is told so. */
export function mailLeaves(): boolean {
  return env().SMTP_URL !== undefined;
}

export function mailFolder(): string {
  return join(env().home, "mail");
}

/** Sends by SMTP, or writes a complete message (RFC 5322) to the mail folder. */
export async function sendMail(mail: Mail): Promise<void> {
  const message = { from: env().MAIL_FROM, to: mail.to, subject: mail.subject, text: mail.text };
  const smtp = env().SMTP_URL;
  if (smtp) {
    await createTransport(smtp).sendMail(message);
    return;
  }
  const built = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
  const name = `${new Date().toISOString().replaceAll(":", "-")}-${randomBytes(3).toString("hex")}.eml`;
  await mkdir(mailFolder(), { recursive: true, mode: 0o700 });
  await writeFile(join(mailFolder(), name), built.message as Buffer, { mode: 0o600 });
  log.warn("no SMTP_URL: mail was written to the mail folder", { file: name });
}
