-- The tables of pekko-persistence-r2dbc, name by name and type by type, so that a user can switch
-- to that plugin and back. What is ours has a default: that plugin's inserts know nothing of it.

CREATE TABLE event_journal (
  -- Persistence.sliceForPersistenceId: 0 to 1023, the unit of distribution.
  slice INT NOT NULL,
  entity_type VARCHAR(255) NOT NULL,
  persistence_id VARCHAR(255) NOT NULL,
  seq_nr BIGINT NOT NULL,
  -- Rises with seq_nr within a persistence id, whatever the clock does. Orders nothing else.
  db_timestamp TIMESTAMP WITH TIME ZONE NOT NULL,

  event_ser_id INTEGER NOT NULL,
  event_ser_manifest VARCHAR(255) NOT NULL,
  event_payload BYTEA NOT NULL,

  -- The marker of a deletion: keeps the highest sequence number of an id whose events are gone.
  deleted BOOLEAN DEFAULT FALSE NOT NULL,
  -- The incarnation of the entity that wrote the row: tells one's own write from another's.
  writer VARCHAR(255) NOT NULL,
  adapter_manifest VARCHAR(255),
  tags TEXT ARRAY,

  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,

  -- Ours: the transaction that wrote the row. Once every transaction below a position has ended, no
  -- row can appear at or below it, so a reader of committed rows never skips one. Transaction ids
  -- start anew in a database that was restored from a dump; the base (0) is raised then.
  feed_position BIGINT NOT NULL DEFAULT ((pg_current_xact_id()::TEXT)::BIGINT + 0),

  -- The fence: of two writers of one sequence number, one fails.
  PRIMARY KEY (persistence_id, seq_nr)
);

-- Queries by slice of pekko-persistence-r2dbc.
CREATE INDEX event_journal_slice_idx ON event_journal (slice, entity_type, db_timestamp, seq_nr);

-- Committed events in the order of their transactions, in 16 ranges of 64 slices.
CREATE INDEX event_journal_feed_idx
  ON event_journal ((slice / 64), feed_position, persistence_id, seq_nr);

-- One row per persistence id, the latest.
CREATE TABLE snapshot (
  slice INT NOT NULL,
  entity_type VARCHAR(255) NOT NULL,
  persistence_id VARCHAR(255) NOT NULL,
  seq_nr BIGINT NOT NULL,
  -- Milliseconds since 1970.
  write_timestamp BIGINT NOT NULL,
  ser_id INTEGER NOT NULL,
  ser_manifest VARCHAR(255) NOT NULL,
  snapshot BYTEA NOT NULL,
  meta_ser_id INTEGER,
  meta_ser_manifest VARCHAR(255),
  meta_payload BYTEA,

  PRIMARY KEY (persistence_id)
);
