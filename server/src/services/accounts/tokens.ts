/** Secrets that are handed out once and stored as hashes: sessions, password links, invitations. 256 random bits need no slow hash. */
import { createHash, randomBytes } from "node:crypto";

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** As it is stored. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
