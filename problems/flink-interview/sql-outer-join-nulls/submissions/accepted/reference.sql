SET 'execution.checkpointing.interval' = '2 min';

-- One row per shipment that has a report, so that the joins below do not multiply rows.
CREATE TEMPORARY VIEW tried AS
SELECT shipment_id, COUNT(*) AS tries, COUNT(*) FILTER (WHERE outcome = 'delivered') AS deliveries
FROM reports
WHERE shipment_id IS NOT NULL
GROUP BY shipment_id;

EXECUTE STATEMENT SET
BEGIN

INSERT INTO tracking
SELECT COALESCE(s.shipment_id, t.shipment_id), s.depot, COALESCE(t.tries, 0), COALESCE(t.deliveries > 0, FALSE)
FROM shipments AS s
FULL JOIN tried AS t ON t.shipment_id = s.shipment_id
ON CONFLICT DO DEDUPLICATE;

INSERT INTO depots
SELECT s.depot, COUNT(*), COUNT(t.shipment_id), COUNT(*) FILTER (WHERE t.deliveries > 0)
FROM shipments AS s
LEFT JOIN tried AS t ON t.shipment_id = s.shipment_id
GROUP BY s.depot;

INSERT INTO waiting
SELECT s.shipment_id, s.depot
FROM shipments AS s
WHERE NOT EXISTS (SELECT 1 FROM reports AS r WHERE r.shipment_id = s.shipment_id);

END;
