package io.parley.session;

/**
 * How much may be under way in one direction between a session and its socket. Whoever hands frames
 * over goes on until {@link #LIMIT} is out; whoever takes them gives back what they took half a
 * limit at a time. An acknowledgement for each frame would be a turn more for an actor or a stage,
 * most of which have nothing else to do then; and the socket can write what it has been given in
 * one go.
 *
 * <p>Counted in characters of frames, with a little for each. So what waits between the two is
 * bounded by the limit and one frame, and frames never wait while everything is taken.
 */
public final class Credit {
  public static final int LIMIT = 16 * 1024;

  /** So much is given back at a time. */
  static final int BACK = LIMIT / 2;

  /** What every frame counts, however short. */
  private static final int EACH = 64;

  private int out;
  private int taken;

  /** What a frame counts. */
  public static int of(String frame) {
    return EACH + frame.length();
  }

  /** Whether another frame may be handed over. */
  public boolean isLeft() {
    return out < LIMIT;
  }

  /** So much was handed over. */
  public void spend(int cost) {
    out += cost;
  }

  /** So much was given back by the other side. */
  public void restore(int cost) {
    out -= cost;
  }

  /** So much was taken; what is now to be given back to the other side, 0 if it can wait. */
  public int take(int cost) {
    taken += cost;
    if (taken < BACK) {
      return 0;
    }
    int back = taken;
    taken = 0;
    return back;
  }
}
