/** Builds the guest's two scripts, as the judge does with its own. */
import { fileURLToPath } from "node:url";
import { bundleParts, type Parts } from "../../bundle/bundle-parts.ts";

export const GUEST_FILE = "bench-guest.js";
export const TABLES_FILE = "bench-guest-tables.js";

/** The core leaves `globalThis.bench` behind; `bench.attach` takes the value of the other. */
export function bundleGuest(): Promise<Parts> {
  const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  return bundleParts({ core: pathOf("guest.ts"), tables: pathOf("guest-tables.ts"), global: "bench" });
}
