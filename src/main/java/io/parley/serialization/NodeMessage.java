package io.parley.serialization;

/**
 * Marks what one node may tell another. It is bound to Jackson's CBOR, and nothing without it
 * crosses a node's border.
 */
public interface NodeMessage {}
