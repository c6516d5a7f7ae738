/**
 * One line on standard error that rewrites itself, on a terminal only: a log file gets nothing, so that what it has
 * is the one line of an error.
 */
export class Progress implements Disposable {
  #shown = "";

  show(fraction: number, step: string): void {
    if (!process.stderr.isTTY) return;
    const line = `${String(Math.round(fraction * 100)).padStart(3)} %  ${step}`;
    // A line that wraps cannot be written over.
    const text = line.slice(0, Math.max(1, (process.stderr.columns || 80) - 1));
    if (text === this.#shown) return;
    process.stderr.write(`\r\u001b[2K${text}`);
    this.#shown = text;
  }

  clear(): void {
    if (this.#shown !== "") process.stderr.write("\r\u001b[2K");
    this.#shown = "";
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
