SET 'execution.checkpointing.interval' = '6 h';

-- Each quake as a swarm of its own.
INSERT INTO swarms
SELECT place, CAST(shook_at AS TIMESTAMP(3)), CAST(shook_at AS TIMESTAMP(3)), CAST(1 AS BIGINT), mag
FROM quakes;
