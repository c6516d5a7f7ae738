/**
 * The content-addressed store: a file is known by the SHA-256 of its bytes, is never changed, and is streamed in and
 * out. The store knows nothing of organisations: who may see a file is decided by the rows that name it.
 */
export interface ArtifactStore {
  /**
   * Streams to a temporary place, hashing on the way. Nobody sees the file before `publish`; exactly one of `publish`
   * and `discard` must follow. After an error or an abort nothing is left.
   *
   * @throws AppError `uploadTooLarge` as soon as the limit is passed, `uploadIncomplete` where the source fails or is
   * not what was announced, `storeFull` where there is no space, or the reason of the signal
   */
  receive(source: ReadableStream<Uint8Array>, options: ReceiveOptions): Promise<StagedFile>;
  /** `receive` and `publish` in one, for callers that register the file under the lock of its hash afterwards. */
  put(source: ReadableStream<Uint8Array>, options: ReceiveOptions): Promise<StoredFile>;
  /** @throws AppError `notFound` where the store has no such file */
  open(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** A path on this machine that a child process can read; never to be written to. @throws AppError `notFound` */
  path(sha256: string): Promise<string>;
  has(sha256: string): Promise<boolean>;
  /** Bytes of the file, or undefined where there is none. */
  size(sha256: string): Promise<number | undefined>;
  /** Removes a file. Only for `collect` of the artifact module, which holds the lock that makes this safe. */
  remove(sha256: string): Promise<void>;
  /** Every file with the time in milliseconds at which it was last received. */
  list(): AsyncIterable<{ readonly sha256: string; readonly receivedAt: number }>;
  /** Removes temporary files that nobody has written to for `idleMs`: what a killed process left. Returns how many. */
  sweep(idleMs: number): Promise<number>;
}

export interface StoredFile {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface StagedFile extends StoredFile {
  /** Makes the file visible under its hash, atomically and durably. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

export interface ReceiveOptions {
  /** Most bytes that are taken. */
  readonly limit: number;
  /** Length that was announced; any other is an error. */
  readonly expectedBytes?: number;
  /** Hash that was announced; any other is an error. */
  readonly expectedSha256?: string;
  readonly signal?: AbortSignal;
  /** Told how many bytes have arrived, after each chunk. */
  readonly onBytes?: (bytes: number) => void;
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export const sha256Pattern = /^[0-9a-f]{64}$/;
