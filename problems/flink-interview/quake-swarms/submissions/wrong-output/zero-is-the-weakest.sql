SET 'execution.checkpointing.interval' = '6 h';

-- Magnitudes may be negative.
INSERT INTO swarms
SELECT place, window_start, window_end, COUNT(*), MAX(GREATEST(mag, 0e0))
FROM TABLE(SESSION(TABLE quakes PARTITION BY place, DESCRIPTOR(shook_at), INTERVAL '3' HOURS))
GROUP BY place, window_start, window_end
HAVING COUNT(*) >= 3;
