-- What is derived from the journal: emptied and folded anew at any time, by the feed alone. Ids
-- compare by bytes (collation "C"), as the model compares them.

-- How far the feed has come in each range of 64 slices: the key of the last row that was applied.
-- Only a reader that still finds the position it started from may move it.
CREATE TABLE feed_offset (
  range INT PRIMARY KEY CHECK (range BETWEEN 0 AND 15),
  feed_position BIGINT NOT NULL DEFAULT 0,
  -- The type and collation of event_journal, whose index is asked for what comes after.
  persistence_id VARCHAR(255) NOT NULL DEFAULT '',
  seq_nr BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

INSERT INTO feed_offset (range) SELECT generate_series(0, 15);

-- How often somebody's inbox has changed. Rises under the lock of the row, so what carries a
-- version at or below one that was seen committed before it. Never emptied: a client that comes back
-- with an old version after a rebuild is told everything again.
CREATE TABLE user_feed (
  user_id TEXT COLLATE "C" PRIMARY KEY,
  version BIGINT NOT NULL
) WITH (fillfactor = 50);

-- A conversation as one participant's inbox lists it: two rows each, from the first operation on.
CREATE TABLE conversation_summary (
  conversation_id TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,
  peer_id TEXT COLLATE "C" NOT NULL,
  -- The sequence number of the last event counted in.
  as_of BIGINT NOT NULL,
  unread BIGINT NOT NULL,
  my_delivered BIGINT NOT NULL,
  my_read BIGINT NOT NULL,
  peer_delivered BIGINT NOT NULL,
  peer_read BIGINT NOT NULL,
  -- The newest message; null before the first one.
  last_seq BIGINT,
  last_by TEXT COLLATE "C",
  last_at BIGINT,
  last_preview TEXT,
  last_erased BOOLEAN,
  -- Orders the inbox: the feed position of the newest message. No clock is asked.
  activity BIGINT NOT NULL,
  -- user_feed.version at the last change.
  version BIGINT NOT NULL,

  PRIMARY KEY (conversation_id, user_id)
) WITH (fillfactor = 70);

CREATE INDEX conversation_summary_inbox_idx
  ON conversation_summary (user_id, activity, conversation_id);
CREATE INDEX conversation_summary_changes_idx ON conversation_summary (user_id, version);

-- Every message as it reads now.
CREATE TABLE message (
  conversation_id TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  -- Milliseconds since 1970, by the clock of the node that accepted it.
  at BIGINT NOT NULL,
  -- Empty once it is erased.
  body TEXT NOT NULL,
  reply_to BIGINT,
  edited BOOLEAN NOT NULL,
  erased BOOLEAN NOT NULL,

  PRIMARY KEY (conversation_id, seq)
);

-- Counts what somebody has not read.
CREATE INDEX message_unread_idx ON message (conversation_id, author, seq) WHERE NOT erased;

-- Which events hold earlier or later texts of a message: a deletion must find them all.
CREATE TABLE message_edit (
  conversation_id TEXT COLLATE "C" NOT NULL,
  of_seq BIGINT NOT NULL,
  seq BIGINT NOT NULL,

  PRIMARY KEY (conversation_id, of_seq, seq)
);

-- The emoji that are on messages now.
CREATE TABLE reaction (
  conversation_id TEXT COLLATE "C" NOT NULL,
  of_seq BIGINT NOT NULL,
  emoji TEXT COLLATE "C" NOT NULL,
  user_id TEXT COLLATE "C" NOT NULL,

  PRIMARY KEY (conversation_id, of_seq, emoji, user_id)
);

-- Events whose text is still in the journal although the message was deleted: named in the
-- transaction that applies the deletion, overwritten by short ones right after it.
CREATE TABLE erasure (
  range INT NOT NULL,
  conversation_id TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,

  PRIMARY KEY (range, conversation_id, seq)
);
