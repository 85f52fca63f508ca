package io.parley.feed;

/**
 * How far a rebuild is.
 *
 * @param conversations done
 * @param total conversations that the journal held at its beginning, or as many as are done
 * @param events folded
 */
public record RebuildProgress(long conversations, long total, long events) {}
