import type { Locale } from "#contracts/locale.ts";

interface Text {
  readonly subject: string;
  readonly text: string;
}

interface MailTexts {
  reset(name: string, link: string, minutes: number): Text;
}

const en: MailTexts = {
  reset: (name, link, minutes) => ({
    subject: "Set a new password for Parsimony",
    text: `Hello ${name},\n\nsomebody, probably you, asked for a new password. This link works once, within ${minutes} minutes:\n\n${link}\n\nIf it was not you, ignore this message: nothing has changed.\n`,
  }),
};

const zh: MailTexts = {
  reset: (name, link, minutes) => ({
    subject: "设置新的 Parsimony 密码",
    text: `${name}，您好：\n\n有人（很可能是您本人）请求设置新密码。以下链接只能使用一次，${minutes} 分钟内有效：\n\n${link}\n\n如果不是您本人操作，请忽略此邮件，您的账户没有任何变化。\n`,
  }),
};

export function mailText(locale: Locale): MailTexts {
  return { en, zh }[locale];
}
