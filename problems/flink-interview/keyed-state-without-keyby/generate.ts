/**
 * Attempts to log in, all of a user on one partition and a second apart, so that their order is plain. Names are typed in several ways. Often exactly
 * two failures stand before a success, and often six follow each other (two alarms).
 */
interface Random {
  next(): number;
  nextInt(bound: number): number;
}

interface Params {
  readonly startMs: number;
  readonly attempts: number;
  readonly partitions: number;
}

const USERS = ["ann", "bob", "eve", "joe", "kim", "lea"];
const TYPED = [(name: string) => name, (name: string) => name.toUpperCase(), (name: string) => ` ${name}`, (name: string) => `${name} `];
const SERIES = ["xxx", "xxo", "xxxxxx", "xo", "xxoxxx", "o", "xxxx"];

export default function generate(random: Random, { startMs, attempts: count, partitions }: Params) {
  const left = USERS.map(() => "");
  const attempts = Array.from({ length: count }, (_, index) => {
    const number = random.nextInt(USERS.length);
    if (left[number] === "") left[number] = SERIES[random.nextInt(SERIES.length)];
    const ok = left[number].startsWith("o");
    left[number] = left[number].slice(1);
    const user = TYPED[random.next() < 0.5 ? 0 : random.nextInt(TYPED.length)](USERS[number]);
    return { atMs: startMs + 1000 * (index + 1), partition: number % partitions, key: USERS[number], value: { id: index + 1, user, ok } };
  });
  return { attempts };
}
