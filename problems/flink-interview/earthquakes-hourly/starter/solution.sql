SET 'execution.checkpointing.interval' = '6 h';

-- Every quake is an hour of its own so far. Make it one row per network and hour.
INSERT INTO hourly
SELECT net, CAST(shook_at AS TIMESTAMP(3)), CAST(1 AS BIGINT), mag, place
FROM quakes;
