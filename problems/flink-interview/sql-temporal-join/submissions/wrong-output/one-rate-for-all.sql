SET 'execution.checkpointing.interval' = '5 min';

-- The newest rate of any currency.
CREATE TEMPORARY VIEW both_streams AS
SELECT order_id, currency, amount, CAST(NULL AS BIGINT) AS rate, ordered_at AS happened_at FROM orders
UNION ALL
SELECT CAST(NULL AS STRING), currency, CAST(NULL AS BIGINT), rate, changed_at FROM rates;

INSERT INTO priced_orders
SELECT order_id, currency, amount, latest_rate
FROM (
  SELECT order_id, currency, amount, LAST_VALUE(rate) OVER (ORDER BY happened_at) AS latest_rate
  FROM both_streams
)
WHERE order_id IS NOT NULL;
