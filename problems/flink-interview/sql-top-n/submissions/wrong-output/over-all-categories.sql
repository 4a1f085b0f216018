SET 'execution.checkpointing.interval' = '30 s';

-- Three places in all, not three per category.
INSERT INTO best_sellers
SELECT category, place, product, revenue
FROM (
  SELECT category, product, revenue, ROW_NUMBER() OVER (ORDER BY revenue DESC, product) AS place
  FROM (
    SELECT category, product, SUM(cents) AS revenue
    FROM sales
    GROUP BY category, product
  )
)
WHERE place <= 3;
