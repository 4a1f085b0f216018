-- The one user of the single-user mode is a user like any other, without a password. What was there before belongs to it.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('learner', 'instructor', 'admin')),
  password TEXT,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  last_login_at_ms INTEGER
);

INSERT INTO users (id, name, name_key, role, created_at_ms) VALUES ('local', 'local', 'local', 'admin', 0);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at_ms INTEGER NOT NULL,
  used_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX sessions_user ON sessions (user_id, used_at_ms);

CREATE TABLE password_links (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('learner', 'instructor', 'admin')),
  created_by TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  used_by TEXT REFERENCES users (id) ON DELETE SET NULL,
  used_at_ms INTEGER
);

-- No references: what somebody did stays known when they are gone.
CREATE TABLE audit_entries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  address TEXT,
  action TEXT NOT NULL,
  target TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  detail TEXT
);

CREATE INDEX audit_entries_time ON audit_entries (at_ms);

-- SQLite adds no column that refers to a table and has a value; deleting a user therefore deletes submissions by name.
ALTER TABLE submissions ADD COLUMN user_id TEXT NOT NULL DEFAULT 'local';
DROP INDEX submissions_problem_number;
CREATE UNIQUE INDEX submissions_user_problem_number ON submissions (user_id, problem_id, number);

ALTER TABLE rejudge_sets ADD COLUMN created_by TEXT NOT NULL DEFAULT 'local';
