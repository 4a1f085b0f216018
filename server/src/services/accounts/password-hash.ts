/**
 * Hashes of passwords, by scrypt. Its parameters stand beside each hash, so that they can be raised later: whoever logs in after that is
 * hashed anew. Checking takes the same time whether or not there is such a user. A few at a time, with a bounded line before them: hashing is
 * the dearest thing that somebody who is not logged in can ask for.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { RunLane } from "../run-lane.ts";

/** Memory is 128 · 2^logN · r bytes; time grows with 2^logN · r · p. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MB, and a few tenths of a second of a processor. */
export const PASSWORD_COST: ScryptCost = { logN: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** More memory than this no stored hash may ask for. */
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

export type PasswordCheck =
  | "wrong"
  | "right"
  /** Right, and hashed with other parameters than are in use now. */
  | "outdated";

export class PasswordHasher {
  readonly #cost: ScryptCost;
  readonly #lane = new RunLane({ atOnce: 2, maxWaiting: 64, full: "Too many people are logging in at this moment." });
  /** Nobody's: checked where there is no hash to check. */
  readonly #nobodys: string;

  constructor(cost: ScryptCost = PASSWORD_COST) {
    this.#cost = cost;
    this.#nobodys = format(cost, randomBytes(SALT_BYTES), randomBytes(KEY_BYTES));
  }

  /** `scrypt$logN$r$p$salt$key`. Rejects with QUEUE_FULL when too many wait. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return format(this.#cost, salt, await this.#derive(password, salt, this.#cost));
  }

  /** @param stored null = there is none: as slow as any other check, and wrong. */
  async check(password: string, stored: string | null): Promise<PasswordCheck> {
    const { cost, salt, key } = parse(stored ?? this.#nobodys);
    const derived = await this.#derive(password, salt, cost);
    if (!timingSafeEqual(derived, key) || stored === null) return "wrong";
    const { logN, r, p } = this.#cost;
    return cost.logN === logN && cost.r === r && cost.p === p ? "right" : "outdated";
  }

  #derive(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
    const options = { N: 2 ** logN, r, p, maxmem: MAX_MEMORY_BYTES };
    return this.#lane.run(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
        }),
      () => false,
    );
  }
}

function format({ logN, r, p }: ScryptCost, salt: Buffer, key: Buffer): string {
  return ["scrypt", logN, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

function parse(stored: string): { readonly cost: ScryptCost; readonly salt: Buffer; readonly key: Buffer } {
  const [scheme, logN, r, p, salt, key] = stored.split("$");
  if (scheme !== "scrypt" || key === undefined) throw new Error("a stored password hash is not of a known form");
  return {
    cost: { logN: Number(logN), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt!, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}
