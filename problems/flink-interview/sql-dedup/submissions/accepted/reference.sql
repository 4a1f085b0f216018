SET 'execution.checkpointing.interval' = '1 min';

EXECUTE STATEMENT SET
BEGIN

INSERT INTO first_copies
SELECT event_id, meter, reading, ts
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY taken_at) AS copy
  FROM readings
)
WHERE copy = 1;

INSERT INTO meters
SELECT meter, reading, ts
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY meter ORDER BY taken_at DESC) AS age
  FROM readings
)
WHERE age = 1;

END;
