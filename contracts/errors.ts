/**
 * Every failure that a person can meet. A code has a sentence in each language (messages/, `errors.<code>`), and a
 * mapping to a status; a code without either does not compile or fails a test.
 */
export const errorCodes = [
  "unauthenticated",
  "forbidden",
  "notFound",
  "invalidInput",
  "conflict",
  "rateLimited",
  "emailTaken",
  "wrongCredentials",
  "linkInvalid",
  "lastOwner",
  "slugTaken",
  "nameTaken",
  "notReady",
  "noteChanged",
  "uploadTooLarge",
  "uploadIncomplete",
  "storeFull",
  "cannotBuild",
  "notComparable",
  "runActive",
  "runEnded",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** HTTP status of each code. Exhaustive by type. */
export const statusOf: Record<ErrorCode, number> = {
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  invalidInput: 400,
  conflict: 409,
  rateLimited: 429,
  emailTaken: 409,
  wrongCredentials: 401,
  linkInvalid: 404,
  lastOwner: 409,
  slugTaken: 409,
  nameTaken: 409,
  notReady: 409,
  noteChanged: 409,
  uploadTooLarge: 413,
  uploadIncomplete: 400,
  storeFull: 507,
  cannotBuild: 422,
  notComparable: 422,
  runActive: 409,
  runEnded: 409,
  unavailable: 503,
  internal: 500,
};

/** Values that the sentence of an error may name. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** What a client receives of an error; `id` is what a person quotes, and finds the log line. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly id: string;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(`${code}${Object.keys(details).length ? ` ${JSON.stringify(details)}` : ""}`, options);
    this.name = "AppError";
    this.code = code;
    this.details = details;
  }
}
