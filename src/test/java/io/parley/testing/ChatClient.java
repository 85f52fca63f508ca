package io.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A person's device over a raw socket. Every frame that comes is held against the schemas; pings
 * are answered; what a test doesn't ask for waits in order.
 */
public final class ChatClient implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int FRAME_BYTES = 64 * 1024;

  private final RawSocket socket;
  private final BlockingQueue<JsonNode> incoming = new LinkedBlockingQueue<>();
  private final List<JsonNode> unread = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong();
  private final Thread reader;
  private volatile boolean answersPings;
  private final AtomicLong pings = new AtomicLong();
  private volatile long closedNanos;

  private ChatClient(RawSocket socket, boolean answersPings) {
    this.socket = socket;
    this.answersPings = answersPings;
    this.reader = new Thread(this::readAll, "chat-client");
    reader.setDaemon(true);
    reader.start();
  }

  /** A socket without a word said. */
  public static ChatClient open(int port) {
    return open(port, Map.of());
  }

  public static ChatClient open(int port, Map<String, String> headers) {
    var all = new java.util.HashMap<>(headers);
    all.putIfAbsent("Sec-WebSocket-Protocol", "parley.v1");
    return on(RawSocket.open(port, "/v1/socket", all));
  }

  /** On a socket that has asked for the upgrade. */
  public static ChatClient on(RawSocket socket) {
    assertThat(socket.status()).as(socket.responseHead()).isEqualTo(101);
    socket.readTimeout(120_000);
    return new ChatClient(socket, true);
  }

  /** A socket that has said hello and read its welcome. */
  public static ChatClient welcomed(int port, String token) {
    ChatClient client = open(port);
    client.hello(token);
    client.awaitType("welcome");
    return client;
  }

  private void readAll() {
    try {
      for (Optional<RawSocket.Frame> frame = socket.read();
          frame.isPresent();
          frame = socket.read()) {
        if (frame.get().opcode() == RawSocket.TEXT) {
          take(frame.get().text());
        } else if (frame.get().opcode() == RawSocket.PING) {
          socket.send(true, RawSocket.PONG, new byte[0]);
        } else if (frame.get().opcode() == RawSocket.CLOSE) {
          break;
        }
      }
    } catch (RuntimeException closed) {
      // The test has closed the socket, or expects that it was.
    } finally {
      closedNanos = System.nanoTime();
      incoming.add(JSON.createObjectNode().put("t", "closed"));
    }
  }

  private void take(String json) {
    try {
      Schemas.assertValidServerFrame(json);
      assertThat(json.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(FRAME_BYTES);
    } catch (AssertionError wrong) {
      incoming.add(JSON.createObjectNode().put("t", "not-by-schema").put("why", wrong.toString()));
      return;
    }
    JsonNode frame = parse(json);
    if (frame.path("t").asText().equals("ping")) {
      pings.incrementAndGet();
      if (answersPings) {
        socket.sendText("{\"t\":\"pong\"}");
      }
      return;
    }
    incoming.add(frame);
  }

  public static ObjectNode frame(String type) {
    return JSON.createObjectNode().put("t", type);
  }

  /**
   * Reads what has come to a raw socket, and says nothing: an answer to an old ping would keep
   * alive a session that is about to end for its silence.
   */
  public static ChatClient listeningOn(RawSocket socket) {
    socket.readTimeout(120_000);
    return new ChatClient(socket, false);
  }

  /** Somebody whose hello says more than who it is. */
  public static ChatClient welcomed(int port, ObjectNode hello) {
    ChatClient client = open(port);
    client.request(hello);
    client.awaitType("welcome");
    return client;
  }

  /** Sends a request under a new id, which it returns. */
  public long request(ObjectNode frame) {
    long id = ids.incrementAndGet();
    send(frame.put("id", id));
    return id;
  }

  /** Sends a frame as the schemas have it; what they forbid is sent by {@link #socket}. */
  public void send(JsonNode frame) {
    Schemas.assertValidClientFrame(frame.toString());
    socket.sendText(frame.toString());
  }

  public long hello(String token) {
    return request(frame("hello").put("token", token).put("client", "test/1"));
  }

  /** A hello of somebody who holds copies; {@link #cursor} adds those. */
  public static ObjectNode helloOf(HttpDoor.Account account) {
    return frame("hello").put("token", account.token()).put("user", account.id());
  }

  /** Adds a cursor to a hello or a resume. */
  public static ObjectNode cursor(ObjectNode frame, String conversation, long seq) {
    frame.withArray("cursors").addArray().add(conversation).add(seq);
    return frame;
  }

  /** Adds a cursor that asks for what is stored from now on. */
  public static ObjectNode cursorAtHead(ObjectNode frame, String conversation) {
    frame.withArray("cursors").addArray().add(conversation).addNull();
    return frame;
  }

  /** Sends an operation; the id of the request. */
  public long operate(String conversation, long outbox, long n, JsonNode op) {
    ObjectNode send =
        frame("send").put("conversation", conversation).put("outbox", outbox).put("n", n);
    send.set("op", op);
    return request(send);
  }

  /** Sends an operation and waits for its answer. */
  public JsonNode outcome(String conversation, long outbox, long n, JsonNode op) {
    return awaitReply(operate(conversation, outbox, n, op));
  }

  /** Sends a message; the id of the request. */
  public long message(String conversation, long outbox, long n, String text) {
    return operate(conversation, outbox, n, Op.message(text));
  }

  /** Sends a message and waits for its answer. */
  public JsonNode say(String conversation, long outbox, long n, String text) {
    return awaitReply(message(conversation, outbox, n, text));
  }

  public JsonNode awaitReply(long id) {
    return await(frame -> frame.path("re").asLong(-1) == id, "a reply to " + id);
  }

  public JsonNode awaitType(String type) {
    return await(frame -> frame.path("t").asText().equals(type), "a frame of type " + type);
  }

  /** The text of the next message that comes; the rest of its frame is passed over. */
  public String awaitText() {
    while (true) {
      for (JsonNode event : awaitType("events").path("events")) {
        if (event.path("kind").asText().equals("message")) {
          return event.path("text").asText();
        }
      }
    }
  }

  /** The goodbye with this code, and the close that follows it. */
  public JsonNode awaitBye(String code) {
    JsonNode bye = awaitType("bye");
    assertThat(bye.path("code").asText()).as("%s", bye).isEqualTo(code);
    awaitType("closed");
    return bye;
  }

  /** A reply that is an error with this code. */
  public JsonNode awaitError(long id, String code) {
    return awaitError(id, code, PATIENCE);
  }

  public JsonNode awaitError(long id, String code, Duration patience) {
    JsonNode error =
        await(frame -> frame.path("re").asLong(-1) == id, "a reply to " + id, patience);
    assertThat(error.path("code").asText()).as("%s", error).isEqualTo(code);
    return error;
  }

  /** Waits until the server has told all of the inbox. */
  public JsonNode awaitInbox() {
    return await(
        frame -> frame.path("t").asText().equals("inbox") && !frame.path("more").asBoolean(),
        "the last inbox frame");
  }

  /** The first frame like this, wherever it stands; the others stay. */
  public JsonNode await(Predicate<JsonNode> wanted, String what) {
    return await(wanted, what, PATIENCE);
  }

  /** The same for what may take its time. */
  public JsonNode await(Predicate<JsonNode> wanted, String what, Duration patience) {
    for (JsonNode frame : unread) {
      if (wanted.test(frame)) {
        unread.remove(frame);
        return frame;
      }
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      JsonNode frame = poll(deadline - System.nanoTime());
      if (frame == null) {
        throw new AssertionError("waited for " + what + " and had only " + unread);
      }
      if (wanted.test(frame)) {
        return frame;
      }
      if (List.of("closed", "not-by-schema").contains(frame.path("t").asText())) {
        throw new AssertionError("waited for " + what + ", had " + unread + ", then " + frame);
      }
      unread.add(frame);
    }
  }

  /** The events of a conversation as they are pushed, until the log has been pushed this far. */
  public List<JsonNode> eventsUpTo(String conversation, long seq) {
    List<JsonNode> events = new ArrayList<>();
    while (events.isEmpty() || events.get(events.size() - 1).path("seq").asLong() < seq) {
      JsonNode frame =
          await(
              next ->
                  next.path("t").asText().equals("events")
                      && next.path("conversation").asText().equals(conversation),
              "events up to " + seq);
      frame.path("events").forEach(events::add);
    }
    return events;
  }

  /** Forgets frames of this type that were passed over: a test that sends a lot would keep all. */
  public void discard(String type) {
    unread.removeIf(frame -> frame.path("t").asText().equals(type));
  }

  /** The reply to a request, if it has come. */
  public Optional<JsonNode> replied(long id) {
    return unread.stream().filter(frame -> frame.path("re").asLong(-1) == id).findFirst();
  }

  /** Everything that comes within this time, in order. */
  public List<JsonNode> drainFor(Duration time) {
    List<JsonNode> frames = new ArrayList<>(unread);
    unread.clear();
    long deadline = System.nanoTime() + time.toNanos();
    while (true) {
      JsonNode next = poll(deadline - System.nanoTime());
      if (next == null) {
        return frames;
      }
      frames.add(next);
    }
  }

  /** Everything that came until now, in order. */
  public List<JsonNode> drain(Duration quiet) {
    List<JsonNode> frames = new ArrayList<>(unread);
    unread.clear();
    for (JsonNode next = poll(quiet.toNanos()); next != null; next = poll(quiet.toNanos())) {
      frames.add(next);
    }
    return frames;
  }

  /** How often the server has asked whether this client is there. */
  public long pings() {
    return pings.get();
  }

  /** When the socket ended, by the nanosecond clock; 0 while it is open. */
  public long closedNanos() {
    return closedNanos;
  }

  public RawSocket socket() {
    return socket;
  }

  public void stopAnsweringPings() {
    answersPings = false;
  }

  private @org.jspecify.annotations.Nullable JsonNode poll(long nanos) {
    try {
      return incoming.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
