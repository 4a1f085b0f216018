/** All users say something about themselves within the first minute (or as `fromMs` and `forMs` say); then, for a quarter of an hour, one of them says something else now and then. */
/** Seeded random numbers, as the judge hands them in. */
interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly users: number;
  readonly changes: number;
  /** How often each says it all again: for long profiles. */
  readonly repeat?: number;
  /** When all have said something for the first time: from here on, within so long. */
  readonly fromMs?: number;
  readonly forMs?: number;
}

const WORDS = ["apples", "boats", "chess", "dogs", "early trains", "fishing", "gardens", "hiking", "ink", "jazz", "kites", "long walks"];

export default function generate(random: Random, params: Params) {
  const profiles: { atMs: number; partition: number; key: string; value: { user: string; text: string; at: number } }[] = [];
  const say = (number: number, atMs: number) => {
    const user = `u${number}`;
    const text = Array.from({ length: 40 }, () => WORDS[random.nextInt(WORDS.length)])
      .join(", ")
      .repeat(params.repeat ?? 1);
    profiles.push({ atMs, partition: number % 2, key: user, value: { user, text, at: atMs } });
  };
  for (let number = 0; number < params.users; number++)
    say(number, params.startMs + (params.fromMs ?? 0) + random.nextInt(params.forMs ?? 60_000));
  for (let change = 0; change < params.changes; change++)
    say(random.nextInt(params.users), params.startMs + 60_000 + random.nextInt(params.repeat === undefined ? 820_000 : 20_000));
  profiles.sort((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1));
  return { profiles };
}
