CREATE TABLE classes (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  owner_id TEXT NOT NULL REFERENCES users (id),
  code TEXT UNIQUE,
  created_at_ms INTEGER NOT NULL
);

CREATE INDEX classes_owner ON classes (owner_id);

CREATE TABLE class_members (
  class_id TEXT NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  joined_at_ms INTEGER NOT NULL,
  PRIMARY KEY (class_id, user_id)
) WITHOUT ROWID;

CREATE INDEX class_members_user ON class_members (user_id);

CREATE TABLE assignments (
  id TEXT PRIMARY KEY,
  class_id TEXT NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
  title TEXT NOT NULL,
  problem_ids TEXT NOT NULL,
  due_at_ms INTEGER,
  created_at_ms INTEGER NOT NULL
);

CREATE INDEX assignments_class ON assignments (class_id);

-- The hint of a report as a column, in an index that results are read from: whole classes are counted without opening a report.
ALTER TABLE submissions ADD COLUMN hint TEXT;
UPDATE submissions SET hint = report ->> '$.hint' WHERE report IS NOT NULL;
CREATE INDEX submissions_results ON submissions (user_id, problem_id, number, status, verdict, score, created_at_ms, hint);
