import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { AppError } from "#contracts/errors.ts";
import { connection } from "#server/db/client.ts";

/** Points per window in seconds. Kept in PostgreSQL, so that all web processes count together. */
const limits = {
  /** Per address and account: guessing a password. */
  signIn: { points: 10, duration: 15 * 60 },
  /** Per network address, whatever the account: spraying passwords over accounts. */
  signInAddress: { points: 100, duration: 15 * 60 },
  signUp: { points: 20, duration: 60 * 60 },
  reset: { points: 5, duration: 60 * 60 },
  link: { points: 120, duration: 60 },
} as const;

export type Limit = keyof typeof limits;

/** Counts one attempt under `key`; throws `rateLimited` with the seconds to wait when there were too many. */
export async function consume(limit: Limit, key: string): Promise<void> {
  const limiter = limiterFor(limit);
  try {
    await limiter.consume(key.slice(0, 200));
  } catch (refused) {
    if (refused instanceof RateLimiterRes) {
      throw new AppError("rateLimited", { seconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) });
    }
    throw refused;
  }
}

/** Forgets the attempts after a success. */
export async function forgive(limit: Limit, key: string): Promise<void> {
  await limiterFor(limit).delete(key.slice(0, 200));
}

function limiterFor(limit: Limit): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: connection().pool,
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: limit,
    ...limits[limit],
  });
}
