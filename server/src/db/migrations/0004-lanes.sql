-- A lane per submission, and the explanation as a second step behind the verdict: the lease may outlast the status `judging`, which the
-- constraints of 0001 forbid. SQLite changes constraints only by rebuilding the table; events come along, since they refer to it.
CREATE TABLE submissions_next (
  id TEXT PRIMARY KEY,
  problem_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  pack_version TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  functions TEXT,
  variation INTEGER NOT NULL DEFAULT 0,
  lane TEXT NOT NULL DEFAULT 'interactive' CHECK (lane IN ('interactive', 'batch')),
  status TEXT NOT NULL CHECK (status IN ('queued', 'judging', 'judged')),
  verdict TEXT,
  score REAL,
  max_score REAL,
  report TEXT,
  explanation TEXT NOT NULL DEFAULT 'none' CHECK (explanation IN ('none', 'pending', 'ready')),
  revision INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL,
  judged_at_ms INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  losses INTEGER NOT NULL DEFAULT 0,
  lease_owner TEXT,
  lease_until_ms INTEGER,
  CHECK (status <> 'judging' OR lease_owner IS NOT NULL),
  CHECK (lease_owner IS NULL OR status = 'judging' OR explanation = 'pending'),
  CHECK ((status = 'judged') = (report IS NOT NULL)),
  CHECK (explanation = 'none' OR status = 'judged')
);

INSERT INTO submissions_next (
  id, problem_id, number, pack_version, language, text, functions, variation, status, verdict, score, max_score, report,
  explanation, revision, created_at_ms, judged_at_ms, attempts, failures, losses, lease_owner, lease_until_ms
)
SELECT
  id, problem_id, number, pack_version, language, text, functions, variation, status, verdict, score, max_score, report,
  CASE WHEN json_type(report, '$.explanation') = 'object' THEN 'ready' ELSE 'none' END,
  CASE WHEN status = 'judged' THEN 1 ELSE 0 END,
  created_at_ms, judged_at_ms, attempts, failures, losses, lease_owner, lease_until_ms
FROM submissions ORDER BY rowid;

CREATE TABLE progress_events_next (
  submission_id TEXT NOT NULL REFERENCES submissions_next (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (submission_id, seq)
) WITHOUT ROWID;

INSERT INTO progress_events_next SELECT submission_id, seq, json FROM progress_events;

DROP TABLE progress_events;
DROP TABLE submissions;
ALTER TABLE submissions_next RENAME TO submissions;
ALTER TABLE progress_events_next RENAME TO progress_events;

CREATE UNIQUE INDEX submissions_problem_number ON submissions (problem_id, number);
CREATE INDEX submissions_queue ON submissions (status, lane, created_at_ms);
CREATE INDEX submissions_unexplained ON submissions (created_at_ms) WHERE explanation = 'pending';
CREATE INDEX submissions_leases ON submissions (lease_until_ms) WHERE lease_owner IS NOT NULL;
