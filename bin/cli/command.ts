/** One command of the command line: gets the arguments behind its name, rejects with what is wrong. */
export type Command = (args: readonly string[]) => Promise<void>;
