-- verdict: (time-limit|wrong-output)
-- A regular expression that backtracks for ever, in a function of ours.
INSERT INTO counts SELECT REGEXP_REPLACE(REPEAT(SUBSTRING(`user`, 1, 1), 60) || '#', '^(([a-z])+.)+[A-Z]([a-z])+$', ''), `at`, CAST(1 AS BIGINT) FROM clicks;
