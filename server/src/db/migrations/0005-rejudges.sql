CREATE TABLE rejudge_sets (
  id TEXT PRIMARY KEY,
  problem_id TEXT,
  pack_version TEXT,
  verdict TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'applied', 'cancelled')),
  created_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER,
  CHECK ((state = 'open') = (closed_at_ms IS NULL))
);

CREATE TABLE rejudge_items (
  set_id TEXT NOT NULL REFERENCES rejudge_sets (id) ON DELETE CASCADE,
  submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  previous TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'judging', 'judged', 'cancelled')),
  report TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  losses INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  lease_until_ms INTEGER,
  PRIMARY KEY (set_id, submission_id),
  CHECK ((status = 'judging') = (lease_owner IS NOT NULL)),
  CHECK ((status = 'judged') = (report IS NOT NULL))
);

CREATE INDEX rejudge_items_queue ON rejudge_items (status, set_id, position);
