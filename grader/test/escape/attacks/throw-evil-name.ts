// verdict: runtime-error
// A name that is no text and a message that is an object.
throw Object.assign(new Error("x"), { name: { toString: () => { throw new Error("y"); } }, message: Symbol("z"), stack: 5 });
