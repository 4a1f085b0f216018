SET 'execution.checkpointing.interval' = '30 s';

-- A refund is negative revenue.
INSERT INTO best_sellers
SELECT category, place, product, revenue
FROM (
  SELECT category, product, revenue, ROW_NUMBER() OVER (PARTITION BY category ORDER BY revenue DESC, product) AS place
  FROM (
    SELECT category, product, SUM(cents) AS revenue
    FROM sales
    WHERE cents > 0
    GROUP BY category, product
  )
)
WHERE place <= 3;
