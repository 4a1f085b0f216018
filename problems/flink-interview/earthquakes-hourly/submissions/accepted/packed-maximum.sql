SET 'execution.checkpointing.interval' = '6 h';

-- MAX over a text that sorts like (magnitude, earlier first) and carries the place behind it: ten digits of magnitude, thirteen of time.
INSERT INTO hourly
SELECT
  net,
  window_start,
  COUNT(*) AS quakes,
  MAX(mag) AS strongest,
  SUBSTRING(MAX(CONCAT(
    CAST(CAST(ROUND((mag + 20) * 100000000, 0) AS BIGINT) AS STRING),
    CAST(9999999999999 - `time` AS STRING),
    place
  )), 24) AS place
FROM TABLE(TUMBLE(TABLE quakes, DESCRIPTOR(shook_at), INTERVAL '1' HOUR))
GROUP BY net, window_start, window_end;
