SET 'execution.checkpointing.interval' = '5 min';

-- The greatest rate so far is not the newest one.
CREATE TEMPORARY VIEW both_streams AS
SELECT order_id, currency, amount, CAST(NULL AS BIGINT) AS rate, ordered_at AS happened_at FROM orders
UNION ALL
SELECT CAST(NULL AS STRING), currency, CAST(NULL AS BIGINT), rate, changed_at FROM rates;

INSERT INTO priced_orders
SELECT order_id, currency, amount, latest_rate
FROM (
  SELECT order_id, currency, amount, MAX(rate) OVER (PARTITION BY currency ORDER BY happened_at) AS latest_rate
  FROM both_streams
)
WHERE order_id IS NOT NULL;
