// verdict: runtime-error
// An object without a prototype cannot be made a text.
throw Object.create(null);
