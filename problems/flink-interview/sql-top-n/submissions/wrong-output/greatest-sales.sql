SET 'execution.checkpointing.interval' = '30 s';

-- Single sales, not products.
INSERT INTO best_sellers
SELECT category, place, product, revenue
FROM (
  SELECT category, product, revenue, ROW_NUMBER() OVER (PARTITION BY category ORDER BY revenue DESC, product) AS place
  FROM (
    SELECT category, product, cents AS revenue
    FROM sales
  )
)
WHERE place <= 3;
