/** What a pack has for reading and remembering, besides its problems. All of it is for learners' eyes. */
import type { World } from "@millrace/engine/sim";

export interface Card {
  readonly id: string;
  readonly section: number;
  /** Markdown. */
  readonly front: string;
  /** Markdown. */
  readonly back: string;
  /** Id of the problem in which it is practised; null = none. */
  readonly problem: string | null;
}

export interface Lesson {
  /** The file's name without number and ending. */
  readonly id: string;
  readonly title: string;
  readonly section: number;
  readonly minutes: number;
  /** In the order of the text. */
  readonly parts: readonly LessonPart[];
}

export type LessonPart = { readonly kind: "text" /** Markdown. */; readonly text: string } | ({ readonly kind: "figure" } & LessonFigure);

export interface LessonFigure {
  readonly title: string;
  /** Id of the problem whose sample world it is. */
  readonly problem: string;
  readonly sql: string;
  /** null = all keys. */
  readonly key: string | null;
  /** The sample world, expanded. */
  readonly world: World;
}
