/**
 * What may happen to each kind of system in a world of a swarm, and how badly: only what its clients promise to survive. Faults that cost data
 * (a replication slot that is lost) belong to jobs made for them, as `ownFaults`.
 *
 * None lasts: once faults have ended, the longest of them is over within seconds, and the job must come to its end.
 */
import type { Prng } from "../../base/prng.ts";
import type { SystemDescription } from "../../connectors/systems/outside-system.ts";

/** Whatever the fault needs besides its word. */
type Parameters = Readonly<Record<string, unknown>>;
type DrawParameters = (random: Prng) => Parameters;

const forSomeTime: DrawParameters = (random) => ({ forMs: 100 + random.nextInt(3000) });
const aFew =
  (parameter: string): DrawParameters =>
  (random) => ({ [parameter]: 1 + random.nextInt(3) });
/** Calls take so long; at times longer than a checkpoint interval. */
const slowCalls: DrawParameters = (random) => ({
  ...forSomeTime(random),
  latencyMs: 10 ** (1 + random.nextInt(2)) * (1 + random.nextInt(9)),
});
const downForSomeTime: DrawParameters = (random) => ({ downMs: 100 + random.nextInt(3000) });

const CALLED = { unavailable: forSomeTime, slow: slowCalls } as const;

const FAULTS: Readonly<Record<string, Readonly<Record<string, DrawParameters>>>> = {
  postgres: {
    connectionsLost: () => ({}),
    restart: downForSomeTime,
    failover: downForSomeTime,
    slow: (random) => ({ ...forSomeTime(random), factor: 2 + random.nextInt(30) }),
    diskFull: forSomeTime,
    loseReplies: aFew("commits"),
    lockRows: forSomeTime,
  },
  debezium: { crash: downForSomeTime },
  files: { ...CALLED, diskFull: forSomeTime },
  objectStore: CALLED,
  iceberg: { ...CALLED, conflicts: aFew("count"), commitStateUnknown: aFew("count") },
  elasticsearch: { ...CALLED, rejectWrites: forSomeTime, readOnly: forSomeTime, loseAnswers: aFew("count") },
  kinesis: { ...CALLED, loseAnswers: aFew("count") },
};

/** The faults that may strike a system: the word of each, and how to draw the rest. */
export function systemFaultsOf({ kind }: SystemDescription): readonly (readonly [what: string, draw: DrawParameters])[] {
  return Object.entries(FAULTS[kind] ?? {});
}
