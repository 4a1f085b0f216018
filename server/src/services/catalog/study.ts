/** A pack's cards and lessons in the form in which learners see them: rendered once, ids made unique by the pack's (no dot in between: an address that ends like a file is one). */
import type { Pack } from "@millrace/grader";
import type { LessonDetail, StudyCard } from "../../contract/index.ts";
import { renderMarkdown } from "./markdown.ts";

export interface CatalogStudy {
  readonly packId: string;
  readonly version: string;
  readonly cards: readonly StudyCard[];
  readonly lessons: readonly LessonDetail[];
}

export function toCatalogStudy({ id: packId, version, cards, lessons }: Pack): CatalogStudy {
  return {
    packId,
    version,
    cards: cards.map(({ id, section, front, back, problem }) => ({
      id: `${packId}~${id}`,
      section,
      frontHtml: renderMarkdown(front),
      backHtml: renderMarkdown(back),
      problemId: problem,
    })),
    lessons: lessons.map(({ id, title, section, minutes, parts }) => ({
      id: `${packId}~${id}`,
      title,
      section,
      minutes,
      parts: parts.map((part) => {
        if (part.kind === "text") return { kind: "text" as const, html: renderMarkdown(part.text) };
        const { title: seen, problem, sql, key, world } = part;
        return { kind: "figure" as const, title: seen, problemId: problem, sql, key, world };
      }),
    })),
  };
}
