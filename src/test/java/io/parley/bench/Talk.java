package io.parley.bench;

/**
 * A conversation of two, and the lane of each.
 *
 * @param there from the first to the second
 * @param back from the second to the first
 */
record Talk(String id, Somebody first, Somebody second, Lane there, Lane back) {

  /** Somebody with an account, a sign-in, and an outbox, which is the first. */
  record Somebody(int number, String id, String token) {}

  /** What this one of the two sends on. */
  Lane laneOf(Somebody author) {
    return author.number() == first.number() ? there : back;
  }

  /** What this one of the two is sent on. */
  Lane laneTo(Somebody addressee) {
    return addressee.number() == first.number() ? back : there;
  }
}
