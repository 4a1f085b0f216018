/** BIGINT values: a number while it is a safe integer, else a bigint; arithmetic wraps at 64 bits as in Java. */

export type Big = number | bigint;

/** The canonical form, wrapped to 64 bits. */
export function wrapLong(value: bigint): Big {
  const wrapped = BigInt.asIntN(64, value);
  const number = Number(wrapped);
  return Number.isSafeInteger(number) ? number : wrapped;
}

export function addLong(a: Big, b: Big): Big {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return wrapLong(BigInt(a) + BigInt(b));
}

export function subtractLong(a: Big, b: Big): Big {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return wrapLong(BigInt(a) - BigInt(b));
}

export function multiplyLong(a: Big, b: Big): Big {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return wrapLong(BigInt(a) * BigInt(b));
}

/** Truncates toward zero. The divisor is not zero. */
export function divideLong(a: Big, b: Big): Big {
  if (typeof a === "number" && typeof b === "number") {
    const quotient = Math.trunc(a / b);
    return quotient === 0 ? 0 : quotient;
  }
  return wrapLong(BigInt(a) / BigInt(b));
}

export function remainderLong(a: Big, b: Big): Big {
  if (typeof a === "number" && typeof b === "number") {
    const remainder = a % b;
    return remainder === 0 ? 0 : remainder;
  }
  return wrapLong(BigInt(a) % BigInt(b));
}
