/**
 * Looks for a text in one person's messages, newest first. Reads what the feed stores of them;
 * knows nothing of how it comes there but {@link io.parley.model.SearchText}, which both go by.
 */
@NullMarked
package io.parley.search;

import org.jspecify.annotations.NullMarked;
