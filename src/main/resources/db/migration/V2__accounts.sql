-- People, their sign-ins, and which two of them have a conversation. Ids and keys compare by bytes
-- (collation "C"), so that ranges of them mean the same on every machine.

CREATE TABLE users (
  id TEXT COLLATE "C" PRIMARY KEY,
  -- As it was typed; the key is what makes it unique: NFKC and full case folding.
  username TEXT NOT NULL,
  username_key TEXT COLLATE "C" NOT NULL,
  display_name TEXT NOT NULL,
  display_key TEXT COLLATE "C" NOT NULL,
  -- A PHC string: algorithm, parameters, salt and hash.
  password_hash TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  last_seen TIMESTAMPTZ,
  -- The highest ordinal of an outbox that was minted for this person; only rises.
  last_outbox BIGINT NOT NULL DEFAULT 0 CHECK (last_outbox >= 0),

  -- Also answers a search for the beginning of a username, as a range.
  CONSTRAINT users_username_key UNIQUE (username_key)
) WITH (fillfactor = 85);

-- The beginning of a displayed name, likewise.
CREATE INDEX users_display_idx ON users (display_key, username_key);

-- The lives of tokens. A revoked one is deleted; an expired one counts as absent until it is swept.
CREATE TABLE sign_ins (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The token itself is stored nowhere.
  token_sha256 BYTEA NOT NULL CHECK (octet_length(token_sha256) = 32),
  device TEXT,
  address TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  -- To the minute.
  last_used_at TIMESTAMPTZ NOT NULL,
  -- When it ends if it is not used again, and when it ends whatever happens.
  idle_expires_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,

  CONSTRAINT sign_ins_token UNIQUE (token_sha256)
);

CREATE INDEX sign_ins_user_idx ON sign_ins (user_id, last_used_at);
CREATE INDEX sign_ins_sweep_idx ON sign_ins ((LEAST(idle_expires_at, expires_at)));

-- Attempts that failed, or are under way, of every node together. The subject is a hash: people
-- type passwords where a name belongs, and an address is nobody's business once it is forgotten.
CREATE TABLE attempts (
  kind TEXT COLLATE "C" NOT NULL,
  subject_sha256 BYTEA NOT NULL CHECK (octet_length(subject_sha256) = 32),
  attempts INT NOT NULL,
  last_at TIMESTAMPTZ NOT NULL,
  -- Before this moment the next attempt is refused without being counted.
  retry_at TIMESTAMPTZ NOT NULL,

  PRIMARY KEY (kind, subject_sha256)
) WITH (fillfactor = 70);

CREATE INDEX attempts_sweep_idx ON attempts (last_at);

-- Who talks with whom. A pair has one form and one row: of two simultaneous starts, one makes it.
CREATE TABLE conversations (
  id TEXT COLLATE "C" PRIMARY KEY,
  user_a TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  user_b TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  created_at TIMESTAMPTZ NOT NULL,

  CONSTRAINT conversations_in_order CHECK (user_a < user_b),
  CONSTRAINT conversations_pair UNIQUE (user_a, user_b)
);

CREATE INDEX conversations_second_idx ON conversations (user_b, user_a);
