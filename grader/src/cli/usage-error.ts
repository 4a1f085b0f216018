/** The command line itself is wrong; told without a stack. */
export class UsageError extends Error {}
