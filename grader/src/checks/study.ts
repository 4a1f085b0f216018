/** What can be seen of a pack's cards and lessons without running them: prose that is safe to show, scripts without mistakes. */
import { checkSql } from "@millrace/engine/sql";
import type { Pack } from "../pack/problem.ts";
import type { Card, Lesson } from "../pack/study.ts";
import { complaintsAboutProse } from "./prose.ts";

export interface StudyFinding {
  readonly subject: "cards" | "lessons";
  readonly found: string;
  readonly complaints: readonly string[];
}

/** One finding for what there is; a pack without cards and lessons has none. Pure. */
export function checkStudy({ cards, lessons }: Pick<Pack, "cards" | "lessons">): StudyFinding[] {
  const findings: StudyFinding[] = [];
  if (cards.length > 0) findings.push({ subject: "cards", found: `${cards.length} cards`, complaints: cards.flatMap(complaintsAboutCard) });
  if (lessons.length > 0) {
    findings.push({ subject: "lessons", found: `${lessons.length} lessons`, complaints: lessons.flatMap(complaintsAboutLesson) });
  }
  return findings;
}

function complaintsAboutCard({ id, front, back }: Card): string[] {
  return [front, back].flatMap((text) => complaintsAboutProse(text).map((complaint) => `card ${id}: ${complaint}`));
}

function complaintsAboutLesson({ id, parts }: Lesson): string[] {
  return parts.flatMap((part) => {
    if (part.kind === "text") return complaintsAboutProse(part.text).map((complaint) => `lesson ${id}: ${complaint}`);
    const topics = part.world.topics.map(({ name }) => name);
    return checkSql(part.sql, "", topics).map(({ message, span }) => `lesson ${id}, “${part.title}”, line ${span?.line ?? 1}: ${message}`);
  });
}
