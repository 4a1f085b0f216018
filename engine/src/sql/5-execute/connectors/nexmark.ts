/** `'connector' = 'nexmark'`: the events of the Nexmark benchmark, with the options of github.com/nexmark/nexmark and three of our own. */
import { NEXMARK_DEFAULTS, type NexmarkSettings } from "../../../connectors/nexmark/nexmark-settings.ts";
import { NexmarkSource } from "../../../connectors/nexmark/nexmark-source.ts";
import type { Source } from "../../../flow/connector.ts";
import type { Row } from "../../../types/row.ts";
import { SqlError } from "../../1-parse/sql-error.ts";
import type { CatalogTable } from "../../catalog/catalog.ts";
import type { Connector } from "./connector.ts";
import { optional, type TableOptions } from "./table-options.ts";

const COLUMNS = ["event_type", "person", "auction", "bid"];

export const NEXMARK: Connector = {
  identifier: "nexmark",
  options: [
    optional("rate.shape"),
    optional("rate.period", "duration"),
    optional("rate.limited", "boolean"),
    optional("first-event.rate", "integer"),
    optional("next-event.rate", "integer"),
    optional("person.avg-size", "memory"),
    optional("auction.avg-size", "memory"),
    optional("bid.avg-size", "memory"),
    optional("person.proportion", "integer"),
    optional("auction.proportion", "integer"),
    optional("bid.proportion", "integer"),
    optional("bid.hot-ratio.auctions", "integer"),
    optional("bid.hot-ratio.bidders", "integer"),
    optional("auction.hot-ratio.sellers", "integer"),
    optional("events.num", "integer"),
    optional("keep-alive", "boolean"),
    optional("stop-at", "integer"),
    optional("max-emit-speed", "boolean"),
    // Ours.
    optional("seed", "integer"),
    optional("base-time-millis", "integer"),
    optional("bid.bidder-shift", "boolean"),
  ],
  sourceMode: () => "insert",
  validate({ table, options }) {
    const names = table.columns.filter(({ kind }) => kind === "physical").map(({ name }) => name);
    if (names.join() !== COLUMNS.join()) {
      throw new SqlError(
        "validate",
        "SQL_NEXMARK_SCHEMA",
        `A nexmark table has the columns ${COLUMNS.join(", ")}; this one has ${names.join(", ")}.`,
        options.span("connector"),
        { found: names.join(", "), expected: COLUMNS.join(", ") },
      );
    }
    const { proportions, eventsPerSecond } = nexmarkSettings(options);
    const bad = Object.values(proportions).some((share) => share < 0) || proportions.person + proportions.auction < 1;
    if (bad || proportions.person < 1 || proportions.auction < 1 || !(eventsPerSecond > 0)) {
      throw new SqlError(
        "validate",
        "SQL_OPTION_VALUE",
        "A nexmark table needs a positive rate, and at least one person and one auction in proportion.",
        options.span("connector"),
      );
    }
  },
  isEndless: ({ options }) => nexmarkSettings(options).events === null,
  source: ({ options }) => ({ source: new NexmarkSource(nexmarkSettings(options)) as unknown as Source<Row> }),
};

export function nexmarkSettings(options: TableOptions): NexmarkSettings {
  const defaults = NEXMARK_DEFAULTS;
  const events = options.number("events.num", 0);
  const stopAt = options.number("stop-at", -1);
  const limits = [events > 0 ? events : Number.POSITIVE_INFINITY, stopAt >= 0 ? stopAt : Number.POSITIVE_INFINITY];
  const last = Math.min(...limits);
  return {
    events: Number.isFinite(last) ? last : null,
    eventsPerSecond: options.number("first-event.rate", defaults.eventsPerSecond),
    proportions: {
      person: options.number("person.proportion", defaults.proportions.person),
      auction: options.number("auction.proportion", defaults.proportions.auction),
      bid: options.number("bid.proportion", defaults.proportions.bid),
    },
    averageBytes: {
      person: options.bytes("person.avg-size", defaults.averageBytes.person),
      auction: options.bytes("auction.avg-size", defaults.averageBytes.auction),
      bid: options.bytes("bid.avg-size", defaults.averageBytes.bid),
    },
    hotRatios: {
      auctions: options.number("bid.hot-ratio.auctions", defaults.hotRatios.auctions),
      bidders: options.number("bid.hot-ratio.bidders", defaults.hotRatios.bidders),
      sellers: options.number("auction.hot-ratio.sellers", defaults.hotRatios.sellers),
    },
    // An endless stream that takes no time would never let anything else happen.
    flatOut: options.boolean("max-emit-speed", true) && last !== Number.POSITIVE_INFINITY,
    baseTimeMs: options.number("base-time-millis", defaults.baseTimeMs),
    seed: options.number("seed", defaults.seed),
    shiftsBidders: options.boolean("bid.bidder-shift", defaults.shiftsBidders),
  };
}

const NOWHERE = { start: 0, end: 0 };

/** The table with each event coming when it is due by its event time; other tables, and those that say it themselves, as they are. */
export function paced(table: CatalogTable): CatalogTable {
  if (table.options.get("connector")?.value !== NEXMARK.identifier || table.options.has("max-emit-speed")) return table;
  const option = { key: "max-emit-speed", value: "false", span: NOWHERE, keySpan: NOWHERE, valueSpan: NOWHERE };
  return { ...table, options: new Map([...table.options, [option.key, option]]) };
}
