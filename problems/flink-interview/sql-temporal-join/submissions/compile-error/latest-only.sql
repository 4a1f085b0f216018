SET 'execution.checkpointing.interval' = '5 min';

-- A regular join with the newest rate: every change corrects all older orders, and this sink takes no corrections.
CREATE TEMPORARY VIEW versioned_rates AS
SELECT currency, rate, changed_at
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY changed_at DESC) AS row_num
  FROM rates
)
WHERE row_num = 1;

INSERT INTO priced_orders
SELECT o.order_id, o.currency, o.amount, r.rate
FROM orders AS o
LEFT JOIN versioned_rates AS r ON o.currency = r.currency;
