-- verdict: compile-error
-- Comments, quotes and nulls that never end.
INSERT INTO counts SELECT '/* " ` ' || U&'\0000', `at` FROM clicks /* ' */ WHERE "x
