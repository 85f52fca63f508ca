/**
 * Ids, events, operations, marks, text rules and limits: plain values, no Pekko, Jackson or SQL.
 */
@NullMarked
package io.parley.model;

import org.jspecify.annotations.NullMarked;
