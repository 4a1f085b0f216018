/** Whether our message says what Flink's says. */
import type { ErrorProgram } from "./error-program.ts";

/** null when it does, else what is missing. */
export function missingSubstance(program: ErrorProgram, flinkMessage: string, ourMessage: string): string | null {
  const words = program.inOurWords;
  if (words === undefined) {
    return plain(ourMessage).includes(plain(flinkMessage)) ? null : `the message "${flinkMessage}", ours is "${ourMessage}"`;
  }
  if (!words.flink.test(flinkMessage)) return `a message like ${words.flink}, Flink's is "${flinkMessage}"`;
  return words.ours.test(ourMessage) ? null : `a message like ${words.ours}, ours is "${ourMessage}"`;
}

/** Without what is Java's spelling only: the word before a tuple's name, blanks, a full stop at the end. */
function plain(message: string): string {
  return message.replaceAll("Java Tuple", "Tuple").replaceAll(/\s+/g, " ").replace(/[.!]$/, "").toLowerCase();
}
