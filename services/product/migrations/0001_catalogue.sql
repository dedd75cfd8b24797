CREATE TABLE products (
  id text PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  name text COLLATE "C" NOT NULL,
  description text NOT NULL,
  category text NOT NULL,
  price_minor integer NOT NULL CHECK (price_minor >= 0),
  currency char(3) NOT NULL,
  on_hand integer NOT NULL CHECK (on_hand >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND reserved <= on_hand),
  updated_at timestamptz NOT NULL DEFAULT now(),
  search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || category || ' ' || description)) STORED
);
CREATE INDEX products_search ON products USING gin (search);
CREATE INDEX products_by_name ON products (name, id);
CREATE INDEX products_by_price ON products (price_minor, id);
CREATE INDEX products_by_category ON products (category, name, id);

CREATE TABLE reservations (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('held', 'committed', 'released', 'expired')),
  request_hash text NOT NULL,
  ttl_seconds integer NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX reservations_due ON reservations (expires_at) WHERE state = 'held';

CREATE TABLE reservation_items (
  reservation_id text NOT NULL REFERENCES reservations ON DELETE CASCADE,
  product_id text NOT NULL REFERENCES products,
  quantity integer NOT NULL CHECK (quantity > 0),
  price_minor integer NOT NULL,
  currency char(3) NOT NULL,
  PRIMARY KEY (reservation_id, product_id)
);
