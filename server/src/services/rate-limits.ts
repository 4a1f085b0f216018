/**
 * How often somebody may do something. Each user, and each address, has a bucket per kind of thing: full at first, one token taken each
 * time, refilled evenly. An address has more than a user, since a whole class may sit behind one.
 *
 * Buckets are kept in memory: a restart fills them all, which matters little, and a database write per request would matter more.
 */
import { ApiFailure } from "../errors.ts";

export interface Allowance {
  /** At once, after a pause. */
  readonly burst: number;
  /** Then one each time this has passed. */
  readonly everyMs: number;
}

/** `login` counts what fails: a log-in that succeeds gives its token back. */
export const ALLOWANCES = {
  /** Log-ins, registrations and links that fail. The key of a user is the name that was typed, together with the address. */
  login: { user: { burst: 5, everyMs: 60_000 }, address: { burst: 60, everyMs: 10_000 } },
  run: { user: { burst: 30, everyMs: 2_000 }, address: { burst: 600, everyMs: 50 } },
  check: { user: { burst: 60, everyMs: 500 }, address: { burst: 2_000, everyMs: 20 } },
  submit: { user: { burst: 20, everyMs: 5_000 }, address: { burst: 600, everyMs: 100 } },
  upload: { user: { burst: 5, everyMs: 60_000 }, address: { burst: 10, everyMs: 30_000 } },
  /** Codes of classes that are wrong. */
  join: { user: { burst: 10, everyMs: 60_000 }, address: { burst: 200, everyMs: 5_000 } },
  /** Everything else that writes. */
  write: { user: { burst: 120, everyMs: 250 }, address: { burst: 3_000, everyMs: 10 } },
} as const satisfies Record<string, { readonly user: Allowance; readonly address: Allowance }>;

export type Limited = keyof typeof ALLOWANCES;

export type Allowances = Readonly<Record<Limited, { readonly user: Allowance; readonly address: Allowance }>>;

/** Who does it; `user` null = only the address is known. */
export interface Doer {
  readonly user: string | null;
  readonly address: string;
}

/** When so many are remembered, those that are full again are forgotten; if all are in use, the oldest. */
const MAX_BUCKETS = 50_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

export class RateLimits {
  readonly #allowances: Allowances;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(now: () => number, allowances: Allowances = ALLOWANCES) {
    this.#now = now;
    this.#allowances = allowances;
  }

  /** Takes a token of each bucket concerned, or throws RATE_LIMITED, which says when to come again, and takes none. */
  take(what: Limited, doer: Doer): void {
    const buckets = this.#bucketsOf(what, doer);
    const waitMs = Math.max(0, ...buckets.map(({ bucket, allowance }) => (1 - bucket.tokens) * allowance.everyMs));
    if (waitMs > 0) throw new ApiFailure("RATE_LIMITED", undefined, { retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) });
    for (const { bucket } of buckets) bucket.tokens--;
  }

  /** It did not count after all. */
  giveBack(what: Limited, doer: Doer): void {
    for (const { bucket, allowance } of this.#bucketsOf(what, doer)) bucket.tokens = Math.min(allowance.burst, bucket.tokens + 1);
  }

  #bucketsOf(what: Limited, { user, address }: Doer): { readonly bucket: Bucket; readonly allowance: Allowance }[] {
    const { user: perUser, address: perAddress } = this.#allowances[what];
    const ofAddress = { bucket: this.#bucket(`${what} @${address}`, perAddress), allowance: perAddress };
    if (user === null) return [ofAddress];
    return [ofAddress, { bucket: this.#bucket(`${what} ${user}`, perUser), allowance: perUser }];
  }

  /** Refilled up to now. */
  #bucket(key: string, { burst, everyMs }: Allowance): Bucket {
    const nowMs = this.#now();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_BUCKETS) this.#forget(nowMs);
      bucket = { tokens: burst, atMs: nowMs };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / everyMs);
    bucket.atMs = nowMs;
    return bucket;
  }

  #forget(nowMs: number): void {
    const longestMs = Math.max(
      ...Object.values(this.#allowances).flatMap(({ user, address }) => [user, address].map((a) => a.burst * a.everyMs)),
    );
    for (const [key, { atMs }] of this.#buckets) if (nowMs - atMs >= longestMs) this.#buckets.delete(key);
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < MAX_BUCKETS * 0.9) break;
      this.#buckets.delete(key);
    }
  }
}
