-- What the search goes by, for every message as it reads now. PostgreSQL's own means are not asked
-- for: trigrams know no text below three characters and no emoji, and an extension needs rights that
-- a hosted database may not give. docs/decisions/0013-how-search-works.md has the figures.

-- The folded text can't be made in SQL (its rules must not change with a server's locale), so the
-- feed folds the journal anew. Its lock comes first, as in every rebuild.
LOCK TABLE feed_offset IN ACCESS EXCLUSIVE MODE;
UPDATE feed_offset SET feed_position = 0, persistence_id = '', seq_nr = 0;
TRUNCATE conversation_summary, message, message_edit, reaction, erasure;

-- Without defaults: the feed of a node that is older than these columns can't store a message that
-- nobody would find. It waits until a newer node takes its place.
ALTER TABLE message
  -- The other one of the two: with the author, whoever may find it.
  ADD COLUMN recipient TEXT COLLATE "C" NOT NULL,
  -- The feed position of its event: orders hits across conversations. No clock is asked.
  ADD COLUMN position BIGINT NOT NULL,
  -- SearchText in Java makes both. Empty once it is erased.
  ADD COLUMN folded TEXT COLLATE "C" NOT NULL,
  ADD COLUMN grams INT[] NOT NULL;

-- One's own messages, newest first: whatever is common is found here, after a few rows.
CREATE INDEX message_author_idx ON message (author, position) WHERE NOT erased;
CREATE INDEX message_recipient_idx ON message (recipient, position) WHERE NOT erased;

-- Whatever is rare. Whose message it is stands in the index, so that a word that is rare with me
-- costs nothing because it is common with others. A short pending list: a long one is gone through
-- by every search, and its clearing holds up the feed.
CREATE INDEX message_grams_idx ON message
  USING gin ((ARRAY[conversation_id, author, recipient]), grams)
  WITH (fastupdate = on, gin_pending_list_limit = 256)
  WHERE NOT erased;
