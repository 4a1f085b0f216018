-- verdict: (memory-limit|runtime-error|time-limit|wrong-output|output-limit)
-- A text of a thousand million characters.
INSERT INTO counts SELECT REPEAT(REPEAT(`user`, 100000), 100000), `at`, CAST(1 AS BIGINT) FROM clicks;
