/** The question before something is done that cannot simply be undone. One at a time: a newer one takes the place of an older, which is then answered no. */

export interface Question {
  /** What will happen, as a question. */
  readonly text: string;
  /** What the button that does it says, e.g. "Delete". */
  readonly action: string;
  /** It takes something away. The dialog then begins on the way out. */
  readonly isDanger?: boolean;
}

interface Asked extends Question {
  readonly answer: (yes: boolean) => void;
}

class Confirming {
  #asked = $state.raw<Asked | null>(null);

  /** What is to be shown; null = nothing is asked. */
  get question(): Question | null {
    return this.#asked;
  }

  ask(question: Question): Promise<boolean> {
    this.answer(false);
    return new Promise((answer) => {
      this.#asked = { ...question, answer };
    });
  }

  answer(yes: boolean): void {
    const asked = this.#asked;
    this.#asked = null;
    asked?.answer(yes);
  }
}

export const confirming = new Confirming();

/** Resolves to whether they want it. */
export function confirmed(question: Question): Promise<boolean> {
  return confirming.ask(question);
}
