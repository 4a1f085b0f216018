SET 'execution.checkpointing.interval' = '30 s';

INSERT INTO rates
SELECT endpoint, window_start, window_end, COUNT(*)
FROM TABLE(HOP(TABLE requests, DESCRIPTOR(asked_at), INTERVAL '5' MINUTES, INTERVAL '10' MINUTES))
GROUP BY endpoint, window_start, window_end;
