/**
 * Events of the Nexmark benchmark: persons, their auctions, and bids on them.
 *
 * Proportions, ids, hot keys, prices and sizes are those of the generator of github.com/nexmark/nexmark. Two things differ on purpose. Contents
 * come from the seed and the event's number alone, so that a run can be repeated and a restored source makes the same events again. And
 * there is one time line, whatever the parallelism (theirs gives each reader a range and a time line of its own): results do not depend on
 * how many read.
 *
 * Like the original, it draws bidders and sellers also from ids that do not exist yet (`ID_LEAD`), and adds the first person id twice to
 * bidders unless told otherwise (`shiftsBidders`).
 */
import { INSERT } from "../../types/row-kind.ts";
import type { Row } from "../../types/row.ts";
import { EventRandom } from "./event-random.ts";
import type { NexmarkSettings } from "./nexmark-settings.ts";
import { NexmarkTexts } from "./nexmark-texts.ts";

const FIRST_AUCTION_ID = 1000;
const FIRST_PERSON_ID = 1000;
const FIRST_CATEGORY_ID = 10;
const CATEGORIES = 5;
/** Auctions that are likely to go on. */
const AUCTIONS_IN_FLIGHT = 100;
/** Persons that are likely to act. */
const ACTIVE_PERSONS = 1000;
/** So many ids ahead of the last one may be named. */
const ID_LEAD = 10;
/** A hot auction, bidder or seller stays hot for so many ids. */
const HOT_FOR = 100;

const PERSON = 0;
const AUCTION = 1;
const BID = 2;

export class NexmarkGenerator {
  private readonly settings: NexmarkSettings;
  private readonly random: EventRandom;
  private readonly texts: NexmarkTexts;
  private readonly total: number;
  private readonly eventsForAuctionsInFlight: number;

  constructor(settings: NexmarkSettings) {
    this.settings = settings;
    this.random = new EventRandom(settings.seed);
    this.texts = new NexmarkTexts(settings.seed, this.random);
    const { person, auction, bid } = settings.proportions;
    this.total = person + auction + bid;
    this.eventsForAuctionsInFlight = auction === 0 ? 0 : Math.floor((AUCTIONS_IN_FLIGHT * this.total) / auction);
  }

  /** Event time of the event, epoch ms. @param index 0, 1, 2 … */
  timeMs(index: number): number {
    const { baseTimeMs, eventsPerSecond } = this.settings;
    return baseTimeMs + Math.floor(Math.floor(((index + 1) * 1_000_000) / eventsPerSecond) / 1000);
  }

  /** The event as a row (event_type, person, auction, bid). @param index 0, 1, 2 … */
  event(index: number): Row {
    // Numbers begin with 1, and so do ids: the first events end a cycle of which the first two are missing.
    const id = index + 2;
    const { person, auction } = this.settings.proportions;
    const timeMs = this.timeMs(index);
    this.random.startAt(id);
    const position = id % this.total;
    if (position < person) return [INSERT, PERSON, this.person(id, timeMs), null, null];
    if (position < person + auction) return [INSERT, AUCTION, null, this.auction(index, id, timeMs), null];
    return [INSERT, BID, null, null, this.bid(id, timeMs)];
  }

  private person(id: number, timeMs: number): unknown[] {
    const { texts } = this;
    const name = texts.name();
    const email = texts.email();
    const creditCard = texts.creditCard();
    const city = texts.city();
    const state = texts.state();
    const bytes = 8 + name.length + email.length + creditCard.length + city.length + state.length;
    const extra = texts.extra(bytes, this.settings.averageBytes.person);
    return [this.lastPerson(id) + FIRST_PERSON_ID, name, email, creditCard, city, state, timeMs, extra];
  }

  private auction(index: number, id: number, timeMs: number): unknown[] {
    const { random, texts, settings } = this;
    const hotSeller = random.nextInt(settings.hotRatios.sellers) > 0;
    const seller = hotSeller ? Math.floor(this.lastPerson(id) / HOT_FOR) * HOT_FOR : this.anyPerson(id);
    const category = FIRST_CATEGORY_ID + random.nextInt(CATEGORIES);
    const initialBid = this.price();
    const horizonMs = this.timeMs(index + this.eventsForAuctionsInFlight) - timeMs;
    const expires = timeMs + 1 + random.nextInt(Math.max(horizonMs * 2, 1));
    const name = texts.text(20);
    const description = texts.text(100);
    const reserve = initialBid + this.price();
    const bytes = 48 + name.length + description.length;
    const extra = texts.extra(bytes, settings.averageBytes.auction);
    const auction = this.lastAuction(id) + FIRST_AUCTION_ID;
    return [auction, name, description, initialBid, reserve, timeMs, expires, seller + FIRST_PERSON_ID, category, extra];
  }

  private bid(id: number, timeMs: number): unknown[] {
    const { random, texts, settings } = this;
    const hotAuction = random.nextInt(settings.hotRatios.auctions) > 0;
    const auction = hotAuction ? Math.floor(this.lastAuction(id) / HOT_FOR) * HOT_FOR : this.anyAuction(id);
    // The second of a hundred, so that hot bidders and hot sellers are not the same.
    const hotBidder = random.nextInt(settings.hotRatios.bidders) > 0;
    const bidder = hotBidder ? Math.floor(this.lastPerson(id) / HOT_FOR) * HOT_FOR + 1 : this.anyPerson(id);
    const price = this.price();
    const { name, url } = texts.channel();
    const extra = texts.extra(32, settings.averageBytes.bid);
    const shift = settings.shiftsBidders ? 2 * FIRST_PERSON_ID : FIRST_PERSON_ID;
    return [auction + FIRST_AUCTION_ID, bidder + shift, price, name, url, timeMs, extra];
  }

  /** Log-uniform from 100 to 100,000,000. */
  private price(): number {
    return Math.round(10 ** (this.random.next() * 6) * 100);
  }

  /** The last person up to this event, counted from 0. */
  private lastPerson(id: number): number {
    const { person } = this.settings.proportions;
    const cycle = Math.floor(id / this.total);
    return cycle * person + Math.min(id % this.total, person - 1);
  }

  private lastAuction(id: number): number {
    const { person, auction } = this.settings.proportions;
    const cycle = Math.floor(id / this.total);
    const position = id % this.total;
    if (position < person) return cycle * auction - 1;
    return cycle * auction + Math.min(position - person, auction - 1);
  }

  private anyPerson(id: number): number {
    const persons = this.lastPerson(id) + 1;
    const active = Math.min(persons, ACTIVE_PERSONS);
    return persons - active + this.random.nextInt(active + ID_LEAD);
  }

  private anyAuction(id: number): number {
    const last = this.lastAuction(id);
    const first = Math.max(last - AUCTIONS_IN_FLIGHT, 0);
    return first + this.random.nextInt(last - first + 1 + ID_LEAD);
  }
}
