SET 'execution.checkpointing.interval' = '1 min';

-- Whatever arrives last. Keep the first of each event and the newest of each meter.
EXECUTE STATEMENT SET
BEGIN

INSERT INTO first_copies
SELECT event_id, meter, reading, ts
FROM readings
ON CONFLICT DO DEDUPLICATE;

INSERT INTO meters
SELECT meter, reading, ts
FROM readings
ON CONFLICT DO DEDUPLICATE;

END;
