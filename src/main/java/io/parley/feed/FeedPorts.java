package io.parley.feed;

import io.parley.database.Database;
import java.util.function.UnaryOperator;

/**
 * What the feed's workers of a node work with.
 *
 * @param onCommit takes what is to be run after each commit of this node's journal, and gives what
 *     ends that
 * @param activity one for all workers of the node
 */
public record FeedPorts(
    Database database,
    HeadNotices notices,
    UnaryOperator<Runnable> onCommit,
    FeedSettings settings,
    FeedActivity activity) {}
