-- verdict: accepted
-- prints: TypeError
-- The module of functions is code like any other.
CREATE TEMPORARY FUNCTION same AS 'Same' LANGUAGE TYPESCRIPT;
INSERT INTO counts SELECT `user`, `at`, COUNT(*) OVER (PARTITION BY `user` ORDER BY pt) FROM (SELECT same(`user`) AS `user`, `at`, PROCTIME() AS pt FROM clicks);
