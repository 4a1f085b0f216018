SET 'execution.checkpointing.interval' = '5 min';

-- No join at all: orders and rates in one stream, in the order of their times, and the last rate seen at each order. RANGE counts rows of the
-- same instant in, so that an order at the moment of a change has the new rate.
CREATE TEMPORARY VIEW both_streams AS
SELECT order_id, currency, amount, CAST(NULL AS BIGINT) AS rate, ordered_at AS happened_at FROM orders
UNION ALL
SELECT CAST(NULL AS STRING), currency, CAST(NULL AS BIGINT), rate, changed_at FROM rates;

INSERT INTO priced_orders
SELECT order_id, currency, amount, latest_rate
FROM (
  SELECT
    order_id,
    currency,
    amount,
    LAST_VALUE(rate) OVER (
      PARTITION BY currency ORDER BY happened_at
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS latest_rate
  FROM both_streams
)
WHERE order_id IS NOT NULL;
