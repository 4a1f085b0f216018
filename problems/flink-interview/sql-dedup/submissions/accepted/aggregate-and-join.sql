SET 'execution.checkpointing.interval' = '1 min';

-- Smallest and greatest time per key, joined with the rows that have it.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO first_copies
SELECT r.event_id, r.meter, r.reading, r.ts
FROM readings AS r
JOIN (SELECT event_id, MIN(ts) AS first_ts FROM readings GROUP BY event_id) AS f
  ON r.event_id = f.event_id AND r.ts = f.first_ts
ON CONFLICT DO DEDUPLICATE;

INSERT INTO meters
SELECT r.meter, r.reading, r.ts
FROM readings AS r
JOIN (SELECT meter, MAX(ts) AS last_ts FROM readings GROUP BY meter) AS n
  ON r.meter = n.meter AND r.ts = n.last_ts
ON CONFLICT DO DEDUPLICATE;

END;
