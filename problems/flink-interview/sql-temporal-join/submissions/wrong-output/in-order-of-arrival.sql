SET 'execution.checkpointing.interval' = '5 min';

-- The rate that had arrived when the order arrived: processing time.
CREATE TEMPORARY VIEW both_streams AS
SELECT order_id, currency, amount, CAST(NULL AS BIGINT) AS rate, PROCTIME() AS came_at FROM orders
UNION ALL
SELECT CAST(NULL AS STRING), currency, CAST(NULL AS BIGINT), rate, PROCTIME() FROM rates;

INSERT INTO priced_orders
SELECT order_id, currency, amount, latest_rate
FROM (
  SELECT order_id, currency, amount, LAST_VALUE(rate) OVER (PARTITION BY currency ORDER BY came_at) AS latest_rate
  FROM both_streams
)
WHERE order_id IS NOT NULL;
