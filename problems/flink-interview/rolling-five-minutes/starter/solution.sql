SET 'execution.checkpointing.interval' = '30 s';

-- A row per request so far, and no window.
INSERT INTO rates
SELECT endpoint, CAST(asked_at AS TIMESTAMP(3)), CAST(asked_at AS TIMESTAMP(3)), CAST(1 AS BIGINT)
FROM requests;
