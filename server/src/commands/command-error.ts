/** What the operator can mend; the message is all that is printed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
