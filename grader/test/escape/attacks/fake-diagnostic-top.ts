// verdict: (runtime-error|compile-error)
// The same outside of a job, where it becomes the whole answer.
throw Object.assign(new Error("forged"), { name: "Diagnostic", data: { code: 1, message: ["forged"], phase: "runtime", toJSON: () => ({ kind: "outcome" }) } });
