/**
 * What remains of a failure in a hidden world. Its data are secret, and a program can put any record into the message of an exception;
 * so of the learner's own words nothing is repeated, only where and of which kind.
 */
import type { DiagnosticData } from "@millrace/engine";
import type { ExceptionHistoryEntry, RunOutcome } from "@millrace/engine/sim";

/** `wasRunning`: it may quote records whatever its phase, e.g. that of a statement which the job put together from them. */
export function redactDiagnostic(diagnostic: DiagnosticData, { wasRunning = false } = {}): DiagnosticData {
  if (diagnostic.phase !== "runtime" && !wasRunning) return diagnostic;
  const { code, phase, file } = diagnostic;
  // A place in a text that the job put together may be chosen by a record.
  const span = phase === "runtime" ? diagnostic.span : undefined;
  const message = "An exception in a hidden world; its text is not shown, since it may quote secret data.";
  return { code, message, phase, ...(span === undefined ? {} : { span }), ...(file === undefined ? {} : { file }) };
}

const NOT_SHOWN = "its message is not shown, since it may quote secret data.";

/** Failures without record and message. */
export function redactOutcome(outcome: RunOutcome): RunOutcome {
  const exceptions = {
    ...outcome.exceptions,
    entries: outcome.exceptions.entries.map((entry) => ({
      ...redactException(entry),
      concurrentExceptions: entry.concurrentExceptions.map(redactException),
    })),
  };
  if (outcome.failure === null) return { ...outcome, exceptions };
  const { code, operator, atMs } = outcome.failure;
  const message = NOT_SHOWN;
  return {
    ...outcome,
    exceptions,
    failure: { code, message, ...(operator === undefined ? {} : { operator }), ...(atMs === undefined ? {} : { atMs }) },
  };
}

/** The program chooses the name of its exceptions too. */
function redactException<E extends ExceptionHistoryEntry>(entry: E): E {
  return { ...entry, exceptionName: "an exception", message: NOT_SHOWN };
}
