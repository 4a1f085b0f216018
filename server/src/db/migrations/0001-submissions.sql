CREATE TABLE submissions (
  id TEXT PRIMARY KEY,
  problem_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  pack_version TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'judging', 'judged')),
  verdict TEXT,
  score REAL,
  max_score REAL,
  report TEXT,
  created_at_ms INTEGER NOT NULL,
  judged_at_ms INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  losses INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  lease_until_ms INTEGER,
  CHECK ((status = 'judging') = (lease_owner IS NOT NULL)),
  CHECK ((status = 'judged') = (report IS NOT NULL))
);

CREATE UNIQUE INDEX submissions_problem_number ON submissions (problem_id, number);
CREATE INDEX submissions_status_created ON submissions (status, created_at_ms);

CREATE TABLE progress_events (
  submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (submission_id, seq)
) WITHOUT ROWID;
