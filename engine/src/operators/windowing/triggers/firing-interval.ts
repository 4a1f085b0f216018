import { Diagnostic } from "../../../base/diagnostic.ts";

/**
 * Demands an interval in which time goes on. Flink divides by an interval of 0 at the first record, and never stops firing at one below.
 *
 * @throws Diagnostic TRIGGER_INTERVAL
 */
export function requireInterval(intervalMs: number, trigger: string): void {
  if (intervalMs > 0) return;
  throw new Diagnostic({
    code: "TRIGGER_INTERVAL",
    phase: "runtime",
    message: `/ by zero: the interval of ${trigger} must be above 0, found ${intervalMs} ms.`,
    found: `${intervalMs} ms`,
    expected: `${trigger}.of(Duration.ofSeconds(10))`,
  });
}
