SET 'execution.checkpointing.interval' = '4 h';

-- The day on which the report arrived.
CREATE TEMPORARY VIEW arrivals AS
SELECT *, PROCTIME() AS came_at
FROM flights;

INSERT INTO worst_airports
SELECT window_start, place, origin, flights, late, minutes
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY minutes DESC, origin) AS place
  FROM (
    SELECT
      window_start,
      window_end,
      origin,
      COUNT(*) AS flights,
      COUNT(*) FILTER (WHERE delay > 15) AS late,
      SUM(CASE WHEN delay > 0 THEN delay ELSE 0 END) AS minutes
    FROM TABLE(TUMBLE(TABLE arrivals, DESCRIPTOR(came_at), INTERVAL '1' DAY))
    GROUP BY window_start, window_end, origin
  )
)
WHERE place <= 3;
