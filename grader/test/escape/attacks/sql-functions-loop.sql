-- verdict: time-limit
-- Evaluating the module never ends, before anything is planned.
CREATE TEMPORARY FUNCTION same AS 'Same' LANGUAGE TYPESCRIPT;
INSERT INTO counts SELECT same(`user`), `at`, CAST(1 AS BIGINT) FROM clicks;
