CREATE TABLE drafts (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  problem_id TEXT NOT NULL,
  file TEXT NOT NULL,
  text TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  saved_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, problem_id, file)
);

CREATE TABLE problem_activity (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  problem_id TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  PRIMARY KEY (user_id, problem_id)
) WITHOUT ROWID;

CREATE TABLE opened_hints (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  problem_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, problem_id, number)
) WITHOUT ROWID;
