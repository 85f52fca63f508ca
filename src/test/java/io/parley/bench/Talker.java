package io.parley.bench;

import io.parley.bench.Talk.Somebody;
import java.net.InetSocketAddress;
import java.util.List;

/** One session of somebody, whatever it speaks. */
interface Talker {
  Somebody somebody();

  List<Talk> talks();

  /** Begins to connect. */
  void connect(Loop loop, InetSocketAddress server);

  /** Signed in, and what it says from now on counts. */
  boolean isReady();

  /** Sends the next message to the other one of that conversation. */
  void say(Talk talk);
}
