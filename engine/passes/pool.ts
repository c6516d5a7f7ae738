/**
 * A piece of work that another core can do: a module of the engine that exports `work`. Input and output are plain
 * data and typed arrays; typed arrays over a SharedArrayBuffer are not copied.
 */
export interface Task<Input, Output> {
  readonly module: string;
  /** Never set: it carries the types. */
  readonly types?: (input: Input) => Output;
}

/** For the module that exports `work`: `export const task = defineTask<typeof work>(import.meta.url)`. */
export function defineTask<Work extends (input: never) => unknown>(
  module: string,
): Task<Parameters<Work>[0], Awaited<ReturnType<Work>>> {
  return { module };
}

/** The cores that a pass may use. */
export interface Pool {
  /** Tasks that can run at the same time. */
  readonly size: number;
  /**
   * @param transfer buffers of the input that the caller gives away
   * @throws what `work` throws
   */
  run<Input, Output>(
    task: Task<Input, Output>,
    input: Input,
    transfer?: readonly ArrayBuffer[],
  ): Promise<Output>;
}

/** Does the work on the caller's own thread. */
export const inlinePool: Pool = {
  size: 1,
  run: async <Input, Output>(task: Task<Input, Output>, input: Input) => {
    const { work } = (await import(task.module)) as { work: (input: Input) => Output };
    return await work(input);
  },
};
