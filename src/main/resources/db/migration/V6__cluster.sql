-- Where the nodes of the cluster find each other. Every member beats in its row; whoever starts joins
-- those that beat, or forms a cluster when nobody does.

-- One row: the cluster that this database belongs to. Whoever forms another one writes a new life
-- here, and members of the one before, should they come back, see by it that they have to leave.
CREATE TABLE cluster_life (
  only_row BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (only_row),
  life TEXT NOT NULL,
  -- The settings that all its nodes share, a line each: key=value.
  agreement TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE cluster_member (
  -- host:port, as other nodes reach it.
  address TEXT COLLATE "C" PRIMARY KEY,
  -- Random, of its process: another one may come back at the same address.
  incarnation BIGINT NOT NULL,
  -- Of the cluster that it is a member of.
  life TEXT NOT NULL,
  beats BIGINT NOT NULL,
  last_beat TIMESTAMPTZ NOT NULL,
  -- PostgreSQL's process for the connection of the last beat: when it has ended, so has the member,
  -- or it beats again over another one.
  backend INT NOT NULL
) WITH (fillfactor = 50);
