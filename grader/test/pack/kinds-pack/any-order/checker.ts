interface Row {
  readonly id: unknown;
  readonly celsius: unknown;
}

interface Input {
  readonly outputs: Readonly<Record<string, { readonly expected: readonly Row[]; readonly actual: readonly Row[] }>>;
  readonly options: { readonly least: number };
}

/** Any of the readings of 20 degrees and more, so many of them. A submission may write what it likes, so nothing is taken for a number that is none. */
export default function check({ outputs, options }: Input) {
  const { expected, actual } = outputs["warm"];
  const warm = actual.filter(({ id, celsius }) => {
    return typeof celsius === "number" && celsius >= 20 && expected.some((row) => row.id === id && row.celsius === celsius);
  });
  return warm.length >= options.least ? null : { message: `Only ${warm.length} warm readings.` };
}
