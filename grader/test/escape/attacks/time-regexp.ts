// verdict: time-limit
// A regular expression that backtracks for ever.
/^(a+)+$/.test(`${"a".repeat(60)}b`);
