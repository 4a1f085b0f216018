/** What the auction house of the Nexmark benchmark looks like; names and defaults are those of its Flink connector. */
export interface NexmarkSettings {
  /** Events in all; null = it never ends. */
  readonly events: number | null;
  /** Events per second of event time (`first-event.rate`). */
  readonly eventsPerSecond: number;
  /** Of so many events together, how many are of which kind. */
  readonly proportions: { readonly person: number; readonly auction: number; readonly bid: number };
  /** Average size of an event in bytes; `extra` pads it. */
  readonly averageBytes: { readonly person: number; readonly auction: number; readonly bid: number };
  /** One in so many goes to anybody; the others go to the hot auction, bidder or seller. */
  readonly hotRatios: { readonly auctions: number; readonly bidders: number; readonly sellers: number };
  /** False = each event comes when it is due by its event time. */
  readonly flatOut: boolean;
  /** Event time before the first event, epoch ms. */
  readonly baseTimeMs: number;
  readonly seed: number;
  /** Ids of bidders lie 1000 above those of persons, as in the published generator, which adds the first id twice. */
  readonly shiftsBidders: boolean;
}

export const NEXMARK_DEFAULTS: NexmarkSettings = {
  events: null,
  eventsPerSecond: 10_000,
  proportions: { person: 1, auction: 3, bid: 46 },
  averageBytes: { person: 200, auction: 500, bid: 100 },
  hotRatios: { auctions: 2, bidders: 4, sellers: 4 },
  flatOut: true,
  baseTimeMs: Date.UTC(2015, 6, 15),
  seed: 1,
  shiftsBidders: true,
};
