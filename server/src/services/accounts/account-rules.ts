/** What a user name and a password may be. */
import { ApiFailure } from "../../errors.ts";

export const MAX_NAME_LENGTH = 64;
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 256;

/** Begins with a letter or digit; no control characters, no separators of paths, no beginning that a spreadsheet takes for a formula. */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M} ._@+'-]*[\p{L}\p{N}\p{M}.'])?$/u;

/** The name as it is shown, and as it is compared: names that differ in case or in the form of a letter only are the same. Throws NAME_INVALID. */
export function acceptName(text: string): { readonly name: string; readonly nameKey: string } {
  const name = text.normalize("NFKC").trim().replace(/ +/g, " ");
  if (name.length > MAX_NAME_LENGTH || !NAME.test(name)) throw new ApiFailure("NAME_INVALID");
  return { name, nameKey: nameKeyOf(name) };
}

/** Of a name that somebody types to log in; never throws. */
export function nameKeyOf(text: string): string {
  return text.normalize("NFKC").trim().replace(/ +/g, " ").toLowerCase();
}

/** Throws PASSWORD_WEAK. @param nameKey whose it will be (a password that is the name is none); null = not known yet. */
export function acceptPassword(password: string, nameKey: string | null): void {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) throw new ApiFailure("PASSWORD_WEAK");
  if (new Set(password).size < 4) throw new ApiFailure("PASSWORD_WEAK", "The password repeats a few characters.");
  if (nameKey !== null && nameKeyOf(password).includes(nameKey) && password.length < nameKey.length + MIN_PASSWORD_LENGTH)
    throw new ApiFailure("PASSWORD_WEAK", "The password is little more than the user name.");
}
