package io.parley.account;

import io.parley.model.UserId;

/**
 * Hears of every sign-in that was ended before its time, after the commit, on the node where that
 * happened; once, several times, or not at all when that node dies. Whoever listens closes the
 * sockets that this person has by it, on every node, and those only: the id may be anybody's.
 */
@FunctionalInterface
public interface Revocations {
  void revoked(UserId user, SignInId signIn);
}
