/** What one reads and remembers besides solving: lessons, cards, and how well things were remembered when. */
import type { World } from "@millrace/engine/sim";

export interface StudyCard {
  /** With its pack's id in front, so that no two cards are one. */
  readonly id: string;
  readonly section: number;
  /** Rendered on the server, sanitised; so is the back. */
  readonly frontHtml: string;
  readonly backHtml: string;
  /** Where it is practised; null = nowhere. */
  readonly problemId: string | null;
}

export interface LessonSummary {
  /** With its pack's id in front. */
  readonly id: string;
  readonly title: string;
  readonly section: number;
  readonly minutes: number;
}

export type LessonPart =
  /** Rendered on the server, sanitised. */
  { readonly kind: "text"; readonly html: string } | ({ readonly kind: "figure" } & LessonFigure);

/** A script and the sample world in which it runs, for the reader's browser. */
export interface LessonFigure {
  readonly title: string;
  readonly problemId: string;
  readonly sql: string;
  /** The key whose windows are shown; null = all. */
  readonly key: string | null;
  readonly world: World;
}

export interface LessonDetail extends LessonSummary {
  readonly parts: readonly LessonPart[];
}

/** 1 = not known, 2 = with difficulty, 3 = known, 4 = easily. A lesson that was read has 3. */
export type ReviewGrade = 1 | 2 | 3 | 4;

/** Somebody turned a card and said how well it was known. Schedules are computed from these and kept nowhere. */
export interface Review {
  /** `card:`, `problem:` or `lesson:` and the id. */
  readonly item: string;
  readonly atMs: number;
  readonly grade: ReviewGrade;
}

/** POST /api/reviews: those that the server may not have yet. What it has already is left as it is. */
export interface ReviewsBody {
  readonly reviews: readonly Review[];
}
