import { logWords } from "#contracts/log.words.ts";
import { words } from "#engine/words.ts";

const own = { ...words, log: logWords } as const;

/** Sentences of a group, as those of another language have to be: the same names, any text. */
type Texts<W> = { readonly [Group in keyof W]: { readonly [Name in keyof W[Group]]: string } };

/** What the engine and the workers say: the very sentences that their code has beside it. */
export const remark: Texts<typeof own> = own;
