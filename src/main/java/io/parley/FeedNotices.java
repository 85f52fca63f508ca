package io.parley;

import io.parley.feed.HeadNotice;
import io.parley.feed.HeadNotices;
import io.parley.model.UserId;
import io.parley.session.SameThread;
import io.parley.user.User;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** Tells user actors, on whatever node they are, what the feed has applied. */
record FeedNotices(ActorSystem<?> system) implements HeadNotices {
  private static final Duration ANSWER = Duration.ofSeconds(3);

  @Override
  public CompletionStage<?> tell(UserId user, HeadNotice notice) {
    return SameThread.of(
        ClusterSharding.get(system)
            .entityRefFor(User.TYPE_KEY, user.value())
            .<Done>ask(
                replyTo ->
                    new User.TellHeads(
                        notice.feedVersion(), notice.changes(), notice.heads(), replyTo),
                ANSWER));
  }
}
