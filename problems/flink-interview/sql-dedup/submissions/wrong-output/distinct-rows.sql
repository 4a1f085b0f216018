SET 'execution.checkpointing.interval' = '1 min';

-- Copies differ, so DISTINCT leaves them all; the last to arrive wins.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO first_copies
SELECT DISTINCT event_id, meter, reading, ts
FROM readings
ON CONFLICT DO DEDUPLICATE;

INSERT INTO meters
SELECT meter, reading, ts
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY meter ORDER BY taken_at DESC) AS age
  FROM readings
)
WHERE age = 1;

END;
