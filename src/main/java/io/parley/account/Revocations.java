package io.parley.account;

import io.parley.model.UserId;

/**
 * Hears of every sign-in that was ended before its time, after the commit, on the node where that
 * happened. Whoever listens closes the sockets, on every node.
 */
@FunctionalInterface
public interface Revocations {
  void revoked(UserId user, SignInId signIn);
}
