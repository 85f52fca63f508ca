-- Links that let somebody in once, without a password. A used one is deleted by the statement that
-- makes the sign-in; an expired one counts as absent until it is swept.
CREATE TABLE sign_in_links (
  -- The token itself is stored nowhere.
  token_sha256 BYTEA PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE INDEX sign_in_links_user_idx ON sign_in_links (user_id);
CREATE INDEX sign_in_links_sweep_idx ON sign_in_links (expires_at);
