/** cards.yaml → cards. A pack may have none. */
import type { DiagnosticData } from "@millrace/engine";
import { ProblemFolder } from "./problem-folder.ts";
import { cardsSchema } from "./schema/cards.ts";
import type { Card } from "./study.ts";

const FILE = "cards.yaml";

/** What a pack has, by which references in its files are checked. */
export interface PackNames {
  readonly sections: readonly number[];
  readonly problems: readonly string[];
}

/** Cards with a mistake are left out and told. */
export function loadCards(dir: string, { sections, problems }: PackNames): { cards: Card[]; diagnostics: readonly DiagnosticData[] } {
  const folder = new ProblemFolder(dir, dir);
  const yaml = folder.yaml(FILE, cardsSchema);
  const cards: Card[] = [];
  for (const [index, card] of (yaml?.value?.cards ?? []).entries()) {
    const { id, section, front, back, problem = null } = card;
    const at = (key: string) => yaml?.locate(["cards", index, key]);
    if (cards.some((other) => other.id === id)) {
      folder.complain("PACK_DUPLICATE_ID", FILE, `Two cards have the id \`${id}\`.`, at("id"));
    } else if (!sections.includes(section)) {
      folder.complain("PACK_UNKNOWN_SECTION", FILE, `Section ${section} is not listed in pack.yaml.`, at("section"));
    } else if (problem !== null && !problems.includes(problem)) {
      folder.complainUnknown("PACK_UNKNOWN_PROBLEM", FILE, `The pack has no problem \`${problem}\`.`, problem, problems, at("problem"));
    } else {
      cards.push({ id, section, front, back, problem });
    }
  }
  return { cards, diagnostics: folder.diagnostics };
}
