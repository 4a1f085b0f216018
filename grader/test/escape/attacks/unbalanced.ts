// verdict: compile-error
});
globalThis;
(function () {
