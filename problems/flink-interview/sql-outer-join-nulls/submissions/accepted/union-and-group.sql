SET 'execution.checkpointing.interval' = '2 min';

-- No outer join at all for the first two: rows of both tables in one shape, grouped by the key of the result.
CREATE TEMPORARY VIEW known AS
SELECT shipment_id, MAX(depot) AS depot, SUM(tries) AS tries, SUM(deliveries) > 0 AS delivered
FROM (
  SELECT shipment_id, depot, CAST(0 AS BIGINT) AS tries, 0 AS deliveries FROM shipments
  UNION ALL
  SELECT shipment_id, CAST(NULL AS STRING), CAST(1 AS BIGINT), IF(outcome = 'delivered', 1, 0) FROM reports WHERE shipment_id IS NOT NULL
)
GROUP BY shipment_id;

EXECUTE STATEMENT SET
BEGIN

INSERT INTO tracking
SELECT shipment_id, depot, tries, delivered
FROM known;

INSERT INTO depots
SELECT depot, COUNT(*), COUNT(NULLIF(tries, 0)), COUNT(*) FILTER (WHERE delivered)
FROM known
WHERE depot IS NOT NULL
GROUP BY depot;

INSERT INTO waiting
SELECT shipment_id, depot
FROM shipments
WHERE shipment_id NOT IN (SELECT shipment_id FROM reports WHERE shipment_id IS NOT NULL);

END;
