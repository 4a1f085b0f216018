/**
 * The accessibility score as Lighthouse computes it: the share of the applicable rules that a page keeps, weighted by what breaking them costs people, in percent.
 * Lighthouse runs the same axe; why its score is computed here: decisions/0004.
 */
import type { AxeResults } from "axe-core";

/** Weights of Lighthouse 13.5 (core/config/default-config.js, category accessibility), by rule of axe. Rules of weight 0 are left out: they do not count. */
const RULES_BY_WEIGHT: ReadonlyMap<number, readonly string[]> = new Map([
  [
    10,
    [
      "aria-allowed-attr",
      "aria-hidden-body",
      "aria-required-attr",
      "aria-required-children",
      "aria-required-parent",
      "aria-roles",
      "aria-valid-attr-value",
      "aria-valid-attr",
      "button-name",
      "duplicate-id-aria",
      "image-alt",
      "input-button-name",
      "input-image-alt",
      "label",
      "meta-refresh",
      "meta-viewport",
      "select-name",
      "video-caption",
    ],
  ],
  [
    7,
    [
      "accesskeys",
      "aria-command-name",
      "aria-conditional-attr",
      "aria-dialog-name",
      "aria-hidden-focus",
      "aria-input-field-name",
      "aria-meter-name",
      "aria-progressbar-name",
      "aria-prohibited-attr",
      "aria-text",
      "aria-toggle-field-name",
      "aria-tooltip-name",
      "aria-treeitem-name",
      "bypass",
      "color-contrast",
      "definition-list",
      "dlitem",
      "document-title",
      "frame-title",
      "html-has-lang",
      "html-lang-valid",
      "link-in-text-block",
      "link-name",
      "list",
      "listitem",
      "object-alt",
      "tabindex",
      "target-size",
      "td-headers-attr",
      "th-has-data-cells",
      "valid-lang",
    ],
  ],
  [3, ["form-field-multiple-labels", "heading-order", "html-xml-lang-mismatch", "skip-link", "landmark-one-main"]],
  [1, ["aria-deprecated-role", "autocomplete-valid", "presentation-role-conflict", "svg-img-alt"]],
]);

/** Rules that count. Some of them axe runs only when asked to. */
export const SCORED_RULES: readonly string[] = [...RULES_BY_WEIGHT.values()].flat();

/** 0 to 100, rounded as Lighthouse rounds. A rule counts when axe found something that it applies to. */
export function accessibilityScore({ passes, violations, incomplete }: Pick<AxeResults, "passes" | "violations" | "incomplete">): number {
  const broken = new Set(violations.map(({ id }) => id));
  const applicable = new Set([...passes, ...violations, ...incomplete].map(({ id }) => id));
  let kept = 0;
  let all = 0;
  for (const [weight, rules] of RULES_BY_WEIGHT) {
    for (const rule of rules) {
      if (!applicable.has(rule)) continue;
      all += weight;
      if (!broken.has(rule)) kept += weight;
    }
  }
  return all === 0 ? 0 : Math.round((kept / all) * 100);
}
