SET 'execution.checkpointing.interval' = '2 min';

EXECUTE STATEMENT SET
BEGIN

-- Joined first and counted after: then DISTINCT has to undo what the join has multiplied.
INSERT INTO tracking
SELECT id, MAX(depot), COUNT(report_id), COUNT(CASE WHEN outcome = 'delivered' THEN 1 END) > 0
FROM (
  SELECT COALESCE(s.shipment_id, r.shipment_id) AS id, s.depot, r.report_id, r.outcome
  FROM shipments AS s
  FULL JOIN reports AS r ON r.shipment_id = s.shipment_id
)
WHERE id IS NOT NULL
GROUP BY id;

INSERT INTO depots
SELECT s.depot, COUNT(DISTINCT s.shipment_id), COUNT(DISTINCT r.shipment_id), COUNT(DISTINCT s.shipment_id) FILTER (WHERE r.outcome = 'delivered')
FROM shipments AS s
LEFT JOIN reports AS r ON r.shipment_id = s.shipment_id
GROUP BY s.depot;

INSERT INTO waiting
SELECT s.shipment_id, s.depot
FROM shipments AS s
LEFT JOIN (SELECT DISTINCT shipment_id FROM reports) AS r ON r.shipment_id = s.shipment_id
WHERE r.shipment_id IS NULL;

END;
