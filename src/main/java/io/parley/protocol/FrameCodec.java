package io.parley.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.ConversationId;
import io.parley.model.ErrorCode;
import io.parley.model.Limits;
import java.util.OptionalLong;

/** Between frames and their JSON. It never throws for anything a client sent. Thread-safe. */
public final class FrameCodec {
  /** No operation of HTTP carries an id: its reply is the response. */
  private static final long NO_ID = 0;

  private final Limits limits;
  private final JsonReading reading;
  private final ClientFrameReader frames;

  public FrameCodec(Limits limits) {
    this.limits = limits;
    this.reading = new JsonReading(limits.frames());
    this.frames = new ClientFrameReader(limits.frames());
  }

  /** What it keeps client frames to. */
  public Limits limits() {
    return limits;
  }

  public String encode(ServerFrame frame) {
    return ServerFrameWriter.write(frame);
  }

  public Decoded decode(String json) {
    OptionalLong id = OptionalLong.empty();
    try {
      JsonNode object = reading.object(json);
      id = id(object);
      return frames.read(new Fields(object, ""));
    } catch (Refusal refusal) {
      return refused(id, refusal);
    }
  }

  /** Reads the body of a send that came over HTTP: the frame's fields but type, id and place. */
  public Decoded decodeSend(ConversationId conversation, String body) {
    try {
      return frames.send(NO_ID, conversation, new Fields(reading.object(body), ""));
    } catch (Refusal refusal) {
      return refused(OptionalLong.empty(), refusal);
    }
  }

  /**
   * Reads any other body that came over HTTP, as strictly as a frame.
   *
   * @throws Refusal if it isn't one JSON object
   */
  public Fields fields(String body) {
    return new Fields(reading.object(body), "");
  }

  private static OptionalLong id(JsonNode object) {
    try {
      return new Fields(object, "").optionalNumber("id", 0);
    } catch (Refusal unreadable) {
      return OptionalLong.empty();
    }
  }

  private static Decoded refused(OptionalLong id, Refusal refusal) {
    if (refusal.code() == ErrorCode.UNSUPPORTED) {
      return new Decoded.Unknown(id, refusal.field());
    }
    return refusal.code() == ErrorCode.INVALID
        ? new Decoded.Invalid(id, refusal.field(), refusal.why())
        : new Decoded.Malformed(id, refusal.field() + " " + refusal.why());
  }
}
