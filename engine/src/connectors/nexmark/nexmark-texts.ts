/** The texts of Nexmark events: names, addresses, channels, and the padding that brings events to their size. */
import { EventRandom } from "./event-random.ts";

const FIRST_NAMES = ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"];
const LAST_NAMES = ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"];
const CITIES = ["Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"];
const STATES = ["AZ", "CA", "ID", "OR", "WA", "WY"];
const HOT_CHANNELS = ["Google", "Facebook", "Baidu", "Apple"];

const CHANNELS = 10_000;
const SHORTEST_TEXT = 3;
const PADDING_LENGTH = 1 << 16;
/** Sizes vary by a fifth around their average. */
const SIZE_VARIATION = 0.2;

/** A bid's channel and the page it came from. */
export interface Channel {
  readonly name: string;
  readonly url: string;
}

export class NexmarkTexts {
  private readonly random: EventRandom;
  private readonly hotChannels: readonly Channel[];
  private readonly channels: readonly Channel[];
  private readonly padding: string;

  /** @param random of the event at work. */
  constructor(seed: number, random: EventRandom) {
    this.random = random;
    const own = new EventRandom(seed);
    own.startAt(-1);
    this.hotChannels = HOT_CHANNELS.map((name) => ({ name, url: baseUrl(own) }));
    this.channels = Array.from({ length: CHANNELS }, (_, i) => {
      const url = baseUrl(own);
      return { name: `channel-${i}`, url: own.nextInt(10) > 0 ? `${url}&channel_id=${Math.abs(reverseBits(i))}` : url };
    });
    const letters = new Array<string>(PADDING_LENGTH);
    for (let i = 0; i < PADDING_LENGTH; i++) letters[i] = letter(own);
    this.padding = letters.join("");
  }

  name(): string {
    return `${this.oneOf(FIRST_NAMES)} ${this.oneOf(LAST_NAMES)}`;
  }

  email(): string {
    return `${this.text(7)}@${this.text(5)}.com`;
  }

  creditCard(): string {
    const group = (): string => String(this.random.nextInt(10_000)).padStart(4, "0");
    return `${group()} ${group()} ${group()} ${group()}`;
  }

  city(): string {
    return this.oneOf(CITIES);
  }

  state(): string {
    return this.oneOf(STATES);
  }

  /** One of two is one of the four hot channels. */
  channel(): Channel {
    return this.oneOf(this.random.nextInt(2) > 0 ? this.hotChannels : this.channels);
  }

  /** At least 3 and less than `maxLength` letters and blanks; blanks at the ends fall off. */
  text(maxLength: number): string {
    return textOf(this.random, maxLength, " ");
  }

  /** As much as an event of `bytes` lacks on average to its size. */
  extra(bytes: number, averageBytes: number): string {
    if (bytes > averageBytes) return "";
    const missing = averageBytes - bytes;
    const variation = Math.round(missing * SIZE_VARIATION);
    const length = missing - variation + (variation === 0 ? 0 : this.random.nextInt(2 * variation));
    const at = this.random.nextInt(PADDING_LENGTH - length);
    return this.padding.substring(at, at + length);
  }

  private oneOf<T>(values: readonly T[]): T {
    return values[this.random.nextInt(values.length)];
  }
}

function textOf(random: EventRandom, maxLength: number, special: string): string {
  let length = SHORTEST_TEXT + random.nextInt(maxLength - SHORTEST_TEXT);
  let text = "";
  while (length-- > 0) text += random.nextInt(13) === 0 ? special : letter(random);
  return text.trim();
}

function letter(random: EventRandom): string {
  return String.fromCharCode(97 + random.nextInt(26));
}

function baseUrl(random: EventRandom): string {
  const piece = (): string => textOf(random, 5, "_");
  return `https://www.nexmark.com/${piece()}/${piece()}/${piece()}/item.htm?query=1`;
}

/** Java: `Integer.reverse`. */
function reverseBits(value: number): number {
  let reversed = 0;
  for (let i = 0; i < 32; i++) reversed = (reversed << 1) | ((value >>> i) & 1);
  return reversed;
}
