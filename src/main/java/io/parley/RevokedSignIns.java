package io.parley;

import io.parley.account.Revocations;
import io.parley.account.SignInId;
import io.parley.model.UserId;
import io.parley.user.User;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the sockets of a sign-in that was ended, on whatever node they are, and soon. */
record RevokedSignIns(ActorSystem<?> system) implements Revocations {
  private static final Logger log = LoggerFactory.getLogger(RevokedSignIns.class);
  private static final Duration ANSWER = Duration.ofSeconds(1);

  /** A shard that moves is there again within these; each node looks for itself as well. */
  private static final int TRIES = 15;

  @Override
  public void revoked(UserId user, SignInId signIn) {
    tell(user, signIn, TRIES);
  }

  private void tell(UserId user, SignInId signIn, int tries) {
    ClusterSharding.get(system)
        .entityRefFor(User.TYPE_KEY, user.value())
        .<Done>ask(replyTo -> new User.EndSignIn(signIn.value(), replyTo), ANSWER)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && tries > 1) {
                tell(user, signIn, tries - 1);
              } else if (failure != null) {
                log.warn("The sockets of {} were not told of its end: {}", signIn, failure);
              }
            });
  }
}
