-- Who has given a problem up may read its editorial.
CREATE TABLE surrenders (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  problem_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (user_id, problem_id)
) WITHOUT ROWID;
