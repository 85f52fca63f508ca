-- How a member speaks with the others, so that one that can't understand it finds out before it
-- tries: 'plain', or 'tls', the SHA-256 of the authority behind its certificate, and those of the
-- authorities that it trusts. Members of earlier builds know only plain.
ALTER TABLE cluster_member ADD COLUMN transport TEXT NOT NULL DEFAULT 'plain';
