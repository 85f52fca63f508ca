package io.parley.conversation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.parley.model.Marks;
import io.parley.model.Participants;
import io.parley.model.UserId;
import io.parley.serialization.PersistedCodec;
import io.parley.serialization.PersistedFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The snapshot of a conversation as one CBOR map; about a hundred bytes for a quiet pair.
 *
 * <pre>
 *   h head | p, q the participants in order, absent while the log is empty | x [deleted …]
 *   a, b what is known of p and of q, each a map:
 *     d delivered | r read | e the highest outbox forgotten
 *     o [[outbox, last, seq of last, seq of last - 1 …] …]    seq 0: used for nothing
 *     m [first, last, first, last …]                          runs of the peer's messages
 * </pre>
 *
 * Fields that it doesn't know are passed over.
 */
final class StateCbor implements PersistedCodec<ConversationState> {
  static final StateCbor CODEC = new StateCbor();
  static final String MANIFEST = "conversation-state-1";

  private static final CBORFactory FACTORY = new CBORFactory();
  private static final int EXPECTED_BYTES = 256;

  private StateCbor() {}

  @Override
  public String manifest(ConversationState state) {
    return MANIFEST;
  }

  @Override
  public byte[] toBytes(ConversationState state) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try (CBORGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("h", state.head());
      if (state.participants().isPresent()) {
        out.writeStringField("p", state.participants().get().first().value());
        out.writeStringField("q", state.participants().get().second().value());
      }
      out.writeFieldName("x");
      write(out, state.deleted().stream().mapToLong(Long::longValue).toArray());
      out.writeFieldName("a");
      write(out, state.first());
      out.writeFieldName("b");
      write(out, state.second());
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(CBORGenerator out, Participation of) throws IOException {
    out.writeStartObject();
    out.writeNumberField("d", of.marks().delivered());
    out.writeNumberField("r", of.marks().read());
    out.writeNumberField("e", of.outboxes().highestEvicted());
    out.writeFieldName("o");
    out.writeStartArray();
    for (Map.Entry<Long, Numbers> outbox : of.outboxes().numbers().entrySet()) {
      out.writeStartArray();
      out.writeNumber(outbox.getKey());
      out.writeNumber(outbox.getValue().last());
      for (long seq : outbox.getValue().seqs()) {
        out.writeNumber(seq);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
    out.writeFieldName("m");
    out.writeStartArray();
    for (PeerMessages.Run run : of.peerMessages().runs()) {
      out.writeNumber(run.first());
      out.writeNumber(run.last());
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void write(CBORGenerator out, long[] values) throws IOException {
    out.writeArray(values, 0, values.length);
  }

  @Override
  public ConversationState fromBytes(String manifest, byte[] bytes) {
    if (!manifest.equals(MANIFEST)) {
      throw PersistedFormatException.unknown(manifest);
    }
    try (CBORParser in = FACTORY.createParser(bytes)) {
      return read(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new PersistedFormatException("A persisted " + manifest + " is damaged", e);
    }
  }

  private static ConversationState read(JsonParser in) throws IOException {
    expect(in, JsonToken.START_OBJECT);
    long head = 0;
    Optional<UserId> first = Optional.empty();
    Optional<UserId> second = Optional.empty();
    Participation ofFirst = Participation.NEW;
    Participation ofSecond = Participation.NEW;
    List<Long> deleted = List.of();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      switch (key) {
        case "h" -> head = number(in);
        case "p" -> first = Optional.of(new UserId(in.nextTextValue()));
        case "q" -> second = Optional.of(new UserId(in.nextTextValue()));
        case "x" -> deleted = numbers(in);
        case "a" -> ofFirst = participation(in);
        case "b" -> ofSecond = participation(in);
        default -> skip(in);
      }
    }
    end(in);
    Optional<UserId> other = second;
    Optional<Participants> both =
        first.flatMap(one -> other.map(two -> new Participants(one, two)));
    return new ConversationState(both, head, ofFirst, ofSecond, deleted);
  }

  private static Participation participation(JsonParser in) throws IOException {
    expect(in, JsonToken.START_OBJECT);
    long delivered = 0;
    long read = 0;
    long evicted = 0;
    Map<Long, Numbers> outboxes = new TreeMap<>();
    List<PeerMessages.Run> runs = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      switch (key) {
        case "d" -> delivered = number(in);
        case "r" -> read = number(in);
        case "e" -> evicted = number(in);
        case "o" -> readOutboxes(in, outboxes);
        case "m" -> readRuns(in, runs);
        default -> skip(in);
      }
    }
    end(in);
    return new Participation(
        new Marks(delivered, read), Outboxes.restored(outboxes, evicted), new PeerMessages(runs));
  }

  private static void readOutboxes(JsonParser in, Map<Long, Numbers> outboxes) throws IOException {
    expect(in, JsonToken.START_ARRAY);
    while (in.nextToken() == JsonToken.START_ARRAY) {
      List<Long> one = rest(in);
      long[] seqs = one.stream().skip(2).mapToLong(Long::longValue).toArray();
      outboxes.put(one.get(0), Numbers.restored(one.get(1), seqs));
    }
  }

  private static void readRuns(JsonParser in, List<PeerMessages.Run> runs) throws IOException {
    List<Long> ends = numbers(in);
    for (int i = 0; i + 1 < ends.size(); i += 2) {
      runs.add(new PeerMessages.Run(ends.get(i), ends.get(i + 1)));
    }
  }

  private static List<Long> numbers(JsonParser in) throws IOException {
    expect(in, JsonToken.START_ARRAY);
    return rest(in);
  }

  /** The numbers up to the end of the array that is open. */
  private static List<Long> rest(JsonParser in) throws IOException {
    List<Long> numbers = new ArrayList<>();
    while (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      numbers.add(in.getLongValue());
    }
    if (in.currentToken() != JsonToken.END_ARRAY) {
      throw new IOException("an array of numbers is broken off");
    }
    return numbers;
  }

  private static long number(JsonParser in) throws IOException {
    expect(in, JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  private static void skip(JsonParser in) throws IOException {
    in.nextToken();
    in.skipChildren();
  }

  private static void expect(JsonParser in, JsonToken token) throws IOException {
    if (in.nextToken() != token) {
      throw new IOException("not a " + token);
    }
  }

  private static void end(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("a map is broken off");
    }
  }
}
