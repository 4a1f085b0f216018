/**
 * The first mistake after a page has opened is the slowest to be told: a JavaScript engine runs code slowly until it has run it often. So while nothing is asked,
 * the worker checks the script at hand with small mistakes put into it, and throws the answers away.
 */

/** How often in the life of a worker. */
const ROUNDS = 24;
/** Rest after an answer before it begins: who types on is not disturbed. */
const REST_MS = 120;
const NAME = /[A-Za-z_]\w*/g;

export class Rehearsal {
  #rounds = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #check: (text: string) => void;

  /** @param check does with a text all that is done with one that is asked about. */
  constructor(check: (text: string) => void) {
    this.#check = check;
  }

  /** Begins in a while, with mistakes in this text, unless `stop` is called before. */
  after(text: string): void {
    this.#timer = setTimeout(() => this.#round(text), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** One at a time: what is asked meanwhile comes between two. */
  #round(text: string): void {
    if (this.#rounds >= ROUNDS) return;
    this.#check(misspelt(text, this.#rounds++ / ROUNDS));
    this.#timer = setTimeout(() => this.#round(text), 0);
  }
}

/** The text with another letter behind one of its names, the one at this share of them. */
export function misspelt(text: string, share: number): string {
  const names = [...text.matchAll(NAME)];
  const name = names[Math.floor(share * names.length)];
  if (name === undefined) return text;
  const end = name.index + name[0].length;
  return `${text.slice(0, end)}x${text.slice(end)}`;
}
