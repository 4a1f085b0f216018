interface Input {
  readonly outputs: Readonly<Record<string, { readonly actual: readonly { readonly celsius: number }[] }>>;
  readonly options: { readonly least: number };
}

export default function check({ outputs, options }: Input) {
  const warm = outputs["warm"].actual.filter((row) => row.celsius >= 20).length;
  return warm >= options.least ? null : { message: `Only ${warm} warm readings.` };
}
