SET 'execution.checkpointing.interval' = '30 s';

INSERT INTO best_sellers
SELECT category, place, product, revenue
FROM (
  SELECT category, product, revenue, ROW_NUMBER() OVER (PARTITION BY category ORDER BY revenue DESC, product) AS place
  FROM (
    SELECT category, product, SUM(cents) AS revenue
    FROM sales
    GROUP BY category, product
  )
)
WHERE place <= 3;
