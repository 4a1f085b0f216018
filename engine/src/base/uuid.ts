import type { Prng } from "./prng.ts";

/** A random (version 4) UUID, e.g. "9f4c2f6e-2d0b-4a52-8a6b-0a1f5c3d7e21". */
export function randomUuid(random: Prng): string {
  const hex = (digits: number) =>
    random
      .nextInt(16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = (8 + random.nextInt(4)).toString(16);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}
