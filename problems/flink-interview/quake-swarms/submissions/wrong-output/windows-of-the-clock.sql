SET 'execution.checkpointing.interval' = '6 h';

-- Windows of the clock cut swarms in two.
INSERT INTO swarms
SELECT place, window_start, window_end, COUNT(*), MAX(mag)
FROM TABLE(TUMBLE(TABLE quakes, DESCRIPTOR(shook_at), INTERVAL '3' HOURS))
GROUP BY place, window_start, window_end
HAVING COUNT(*) >= 3;
