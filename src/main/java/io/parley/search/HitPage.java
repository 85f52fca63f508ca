package io.parley.search;

import io.parley.model.Hit;
import java.util.List;
import java.util.Optional;

/**
 * Hits, newest first.
 *
 * @param cursor where to go on; the page may hold fewer hits than were asked for, even none, and
 *     yet have one. Empty when all was looked through
 */
public record HitPage(List<Hit> hits, Optional<String> cursor) {
  public HitPage {
    hits = List.copyOf(hits);
  }
}
