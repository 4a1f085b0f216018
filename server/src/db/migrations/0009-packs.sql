CREATE TABLE packs (
  id TEXT PRIMARY KEY,
  pack_id TEXT NOT NULL,
  title TEXT NOT NULL,
  version TEXT NOT NULL,
  problems INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('broken', 'waiting', 'verifying', 'passed', 'failed')),
  status TEXT NOT NULL CHECK (status IN ('draft', 'beta', 'active', 'deprecated')),
  diagnostics TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  verified_at_ms INTEGER
);

CREATE TABLE pack_report_lines (
  pack TEXT NOT NULL REFERENCES packs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (pack, seq)
) WITHOUT ROWID;
