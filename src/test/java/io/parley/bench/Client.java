package io.parley.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.parley.bench.Talk.Somebody;
import io.parley.bench.Verifier.Reader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One session of somebody, in some conversations. It sends, and tells the verifier of all it is
 * shown.
 */
final class Client implements Talker, Connection.Listener {
  private static final JsonFactory JSON = new JsonFactory();

  /** Of a message's text, which begins with its lane, its number, and when it was sent. */
  static final int TEXT_LENGTH = 100;

  private static final String PADDING = "The quick brown fox jumps over the lazy dog. ".repeat(3);

  /** Who measures. */
  interface Ear {
    default void accepted(Talker talker, Talk talk, long n) {}

    /** A request was refused; false when that is not to be. */
    default boolean refused(Client client, long request, String code, boolean isRetryable) {
      return false;
    }

    /** A message was shown to the one it was sent to. */
    default void delivered(long sentNanos) {}

    /** This client is at that place in the messages of the other one. */
    default void read(Client client, Talk talk, long seq) {}

    /** The marks of this client's person rose. */
    default void marked() {}

    /** A page that was asked for has come, with so many events, the last of them this one. */
    default void page(int events, long lastSeq) {}
  }

  private final Somebody somebody;
  private final List<Talk> talks;
  private final boolean fromStart;
  private final Verifier verifier;
  private final Ear ear;
  private final Map<String, Talk> talksById = new HashMap<>();
  private final Map<String, Reader> readers = new HashMap<>();
  private Connection connection;
  private boolean isWelcomed;
  private int caughtUp;
  private long requests = 1;

  // Of the frame that is being read.
  private String type = "";
  private String conversation = "";
  private String code = "";
  private String text = "";
  private String kind = "";
  private String by = "";
  private long read;
  private long n;
  private long seq;
  private long re;
  private boolean isRetryable;

  /**
   * @param fromStart whether it is to be shown all that was ever said; else only what comes
   */
  @SuppressWarnings("NullAway.Init") // The connection is there once it is open.
  Client(Somebody somebody, List<Talk> talks, boolean fromStart, Verifier verifier, Ear ear) {
    this.somebody = somebody;
    this.talks = talks;
    this.fromStart = fromStart;
    this.verifier = verifier;
    this.ear = ear;
    for (Talk talk : talks) {
      talksById.put(talk.id(), talk);
      if (fromStart) {
        readers.put(
            talk.id(), verifier.readerFromStart(somebody.number(), talk.there(), talk.back()));
      }
    }
  }

  @Override
  public Somebody somebody() {
    return somebody;
  }

  @Override
  public List<Talk> talks() {
    return talks;
  }

  @Override
  public void connect(Loop loop, InetSocketAddress server) {
    loop.connect(server, "/v1/socket", this);
  }

  /** Welcomed, and caught up everywhere. */
  @Override
  public boolean isReady() {
    return isWelcomed && caughtUp == talks.size();
  }

  @Override
  public void opened(Connection opened) {
    connection = opened;
    StringBuilder hello =
        new StringBuilder("{\"t\":\"hello\",\"id\":1,\"client\":\"bench/1\",\"token\":\"")
            .append(somebody.token())
            .append("\",\"user\":\"")
            .append(somebody.id())
            .append("\",\"cursors\":[");
    for (int i = 0; i < talks.size(); i++) {
      hello.append(i == 0 ? "[\"" : ",[\"").append(talks.get(i).id());
      hello.append(fromStart ? "\",0]" : "\",null]");
    }
    connection.send(hello.append("]}"));
  }

  @Override
  public void say(Talk talk) {
    say(talk, talk.laneOf(somebody).next());
  }

  /** Once more, or for the first time, what stands under that number; tells the request's own. */
  long say(Talk talk, long number) {
    Lane lane = talk.laneOf(somebody);
    StringBuilder frame = new StringBuilder(TEXT_LENGTH + 120);
    frame.append("{\"t\":\"send\",\"id\":").append(++requests);
    frame.append(",\"conversation\":\"").append(talk.id()).append("\",\"outbox\":1,\"n\":");
    frame.append(number).append(",\"op\":{\"kind\":\"message\",\"text\":\"");
    appendText(frame, lane.number(), number, lane.sentNanos(number));
    connection.send(frame.append("\"}}"));
    return requests;
  }

  static void appendText(StringBuilder frame, int lane, long number, long sentNanos) {
    int start = frame.length();
    frame.append(lane).append(' ').append(number).append(' ').append(sentNanos).append(' ');
    frame.append(PADDING, 0, TEXT_LENGTH - (frame.length() - start));
  }

  /** Says that all up to there was read. */
  void mark(Talk talk, long seq) {
    talk.laneTo(somebody).mark(seq);
    connection.send(
        "{\"t\":\"mark\",\"conversation\":\"%s\",\"delivered\":%d,\"read\":%d}"
            .formatted(talk.id(), seq, seq));
  }

  void askPage(Talk talk, long before) {
    connection.send(
        "{\"t\":\"page\",\"id\":%d,\"conversation\":\"%s\",\"before\":%d,\"limit\":100}"
            .formatted(++requests, talk.id(), before));
  }

  void close() {
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void lost(String why) {
    verifier.fault("person %d lost the connection: %s".formatted(somebody.number(), why));
  }

  @Override
  public void text(byte[] bytes, int offset, int length) {
    try (JsonParser frame = JSON.createParser(bytes, offset, length)) {
      type = "";
      conversation = "";
      code = "";
      int events = 0;
      frame.nextToken();
      while (frame.nextToken() == JsonToken.FIELD_NAME) {
        String field = frame.currentName();
        JsonToken value = frame.nextToken();
        if (value == JsonToken.START_ARRAY && field.equals("events")) {
          events = events(frame);
        } else if (value == JsonToken.START_ARRAY || value == JsonToken.START_OBJECT) {
          frame.skipChildren();
        } else {
          field(field, frame);
        }
      }
      ended(events);
    } catch (IOException e) {
      verifier.fault("person %d: no JSON: %s".formatted(somebody.number(), e));
    }
  }

  private void field(String field, JsonParser frame) throws IOException {
    switch (field) {
      case "t" -> type = frame.getText();
      case "conversation" -> conversation = frame.getText();
      case "code" -> code = frame.getText();
      case "text" -> text = frame.getText();
      case "kind" -> kind = frame.getText();
      case "by" -> by = frame.getText();
      case "read" -> read = frame.getLongValue();
      case "n" -> n = frame.getLongValue();
      case "seq" -> seq = frame.getLongValue();
      case "re" -> re = frame.getLongValue();
      case "retryable" -> isRetryable = frame.getBooleanValue();
      default -> {
        // Of no interest here.
      }
    }
  }

  private int events(JsonParser frame) throws IOException {
    int events = 0;
    while (frame.nextToken() == JsonToken.START_OBJECT) {
      text = "";
      kind = "";
      long before = seq;
      while (frame.nextToken() == JsonToken.FIELD_NAME) {
        String field = frame.currentName();
        JsonToken value = frame.nextToken();
        if (value == JsonToken.START_ARRAY || value == JsonToken.START_OBJECT) {
          frame.skipChildren();
        } else {
          field(field, frame);
        }
      }
      events++;
      if (type.equals("events")) {
        event();
      } else if (events > 1 && seq != before + 1) {
        verifier.fault("a page shows seq %d after %d".formatted(seq, before));
      }
    }
    return events;
  }

  private void event() {
    Reader reader = readers.get(conversation);
    Talk talk = talksById.get(conversation);
    if (reader == null || talk == null) {
      verifier.fault("person %d was shown %s".formatted(somebody.number(), conversation));
    } else if (kind.equals("marked")) {
      Lane marked = talk.laneTo(by.equals(talk.first().id()) ? talk.first() : talk.second());
      verifier.marked(reader, seq, marked, read);
      if (by.equals(somebody.id())) {
        ear.marked();
      }
    } else if (text.isEmpty()) {
      verifier.shownOther(reader, seq);
    } else {
      int first = text.indexOf(' ');
      int second = text.indexOf(' ', first + 1);
      int third = text.indexOf(' ', second + 1);
      if (text.length() != TEXT_LENGTH || third < 0) {
        verifier.fault(
            "person %d was shown what nobody sent: %s".formatted(somebody.number(), text));
        return;
      }
      int lane = Integer.parseInt(text, 0, first, 10);
      long number = Long.parseLong(text, first + 1, second, 10);
      verifier.shown(reader, seq, lane, number);
      if (talk.laneOf(somebody).number() != lane) {
        ear.delivered(Long.parseLong(text, second + 1, third, 10));
        ear.read(this, talk, seq);
      }
    }
  }

  private void ended(int events) {
    switch (type) {
      case "accepted" -> accepted();
      case "welcome" -> isWelcomed = true;
      case "caught_up" -> caughtUp();
      case "page" -> ear.page(events, seq);
      case "ping" -> connection.send("{\"t\":\"pong\"}");
      case "error" -> {
        if (!ear.refused(this, re, code, isRetryable)) {
          verifier.fault("person %d was told error %s".formatted(somebody.number(), code));
        }
      }
      case "bye", "behind" ->
          verifier.fault("person %d was told %s %s".formatted(somebody.number(), type, code));
      default -> {
        // The inbox, and what is told of conversations.
      }
    }
  }

  private void accepted() {
    Talk talk = talksById.get(conversation);
    if (talk == null) {
      verifier.fault("person %d: accepted in %s".formatted(somebody.number(), conversation));
      return;
    }
    Lane lane = talk.laneOf(somebody);
    verifier.accepted(lane, n);
    ear.accepted(this, talk, n);
  }

  private void caughtUp() {
    Talk talk = talksById.get(conversation);
    if (talk == null) {
      verifier.fault("person %d: caught up in %s".formatted(somebody.number(), conversation));
      return;
    }
    caughtUp++;
    Reader reader = readers.get(conversation);
    if (!fromStart) {
      readers.put(
          conversation, verifier.readerAt(somebody.number(), seq, talk.there(), talk.back()));
    } else if (reader == null || reader.seq() != seq) {
      verifier.fault(
          "person %d: caught up too early in %s".formatted(somebody.number(), conversation));
    }
  }
}
