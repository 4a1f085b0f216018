// verdict: compile-error
// Modules that are not there to be imported.
import { readFileSync } from "node:fs";
readFileSync("/etc/passwd");
