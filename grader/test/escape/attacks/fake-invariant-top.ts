// verdict: runtime-error
// The same at the top, without a stack that leads to this file.
throw Object.assign(new Error("forged"), { name: "InvariantViolation", stack: "InvariantViolation: forged\n    at engine" });
