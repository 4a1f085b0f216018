/**
 * Visits of some users over an hour, two partitions, a user always on the same one, so that the order of arrival of his actions is fixed.
 *
 * Actions arrive less than `lateMs` ≤ 4.5 s after they happened, half a second inside the bound: none is late. Neighbours of one visit lie up to three
 * seconds under the gap, those of different visits at least ten seconds over it. `merge`: share of visits in which an action just over the
 * gap after the one before arrives first and opens a visit of its own, and one between the two arrives later and joins them. Now and then two others act at the very
 * moment that moves both partitions' watermarks to the last millisecond of a visit.
 */
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
  readonly minutes: number;
  readonly merge: number;
  readonly lateMs: number;
  /** A last action on each partition, half an hour after everything else. */
  readonly last?: boolean;
}

const GAP_MS = 600_000;
const BOUND_MS = 5_000;
const PARTITIONS = 2;
const NAMES = ["ann", "ben", "cat", "dan", "eve", "fay", "gus", "hal"];

export default function generate(random: Random, params: Params) {
  const actions: { atMs: number; partition: number; key: string; value: { user: string; kind: string; at: number } }[] = [];
  const endMs = params.startMs + params.minutes * 60_000;
  const add = (number: number, at: number, delayMs: number) => {
    const kind = random.next() < 0.12 ? "checkout" : random.next() < 0.3 ? "add" : "view";
    const user = NAMES[number];
    actions.push({ atMs: at + delayMs, partition: number % PARTITIONS, key: user, value: { user, kind, at } });
  };
  for (let number = 0; number < params.users; number++) {
    let at = params.startMs + random.nextInt(900_000);
    while (at < endMs) {
      const length = 1 + random.nextInt(8);
      for (let action = 0; action < length; action++) {
        add(number, at, random.nextInt(params.lateMs));
        if (random.next() < params.merge) {
          add(number, at + GAP_MS + 100 + random.nextInt(900), 0);
          for (let partition = 0; partition < PARTITIONS; partition++) {
            if (partition !== number) add(partition, at + GAP_MS + 800 + random.nextInt(400), random.nextInt(50));
          }
          at += GAP_MS - 500 - random.nextInt(2_000);
          add(number, at, 4_400);
        }
        at += random.next() < 0.15 ? GAP_MS - 1 - random.nextInt(3_000) : 500 + random.nextInt(90_000);
        if (random.next() < 0.1) add(number, at, random.nextInt(params.lateMs));
      }
      const lastOfVisit = Math.max(...actions.flatMap(({ key, value }) => (key === NAMES[number] ? [value.at] : [])));
      if (params.users > 5 && random.next() < 0.3) {
        for (let partition = 0; partition < PARTITIONS; partition++) {
          const other = (number === 2 || number === 3 ? 4 : 2) + partition;
          add(other, lastOfVisit + GAP_MS + BOUND_MS, 0);
        }
      }
      at += GAP_MS + 10_000 + random.nextInt(600_000);
    }
  }
  if (params.last ?? false) {
    const lastMs = Math.max(...actions.map(({ value }) => value.at)) + 1_800_000;
    for (let partition = 0; partition < PARTITIONS; partition++) add(partition, lastMs, 0);
  }
  actions.sort((a, b) => a.atMs - b.atMs || a.value.at - b.value.at || (a.key < b.key ? -1 : 1));
  return { actions };
}
