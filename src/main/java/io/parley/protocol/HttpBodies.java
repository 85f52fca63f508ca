package io.parley.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.model.ConversationSummary;
import io.parley.model.Hit;
import io.parley.model.Person;
import io.parley.model.UserId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The bodies of HTTP responses, but for problems, which are {@link Problem}. */
public final class HttpBodies {
  private HttpBodies() {}

  public static String user(Person user) {
    return Json.object(json -> userField(json, user));
  }

  /** After a sign-in; the token is left out when a cookie carries it. */
  public static String signedIn(Optional<String> token, SignIn signIn, Person user) {
    return Json.object(
        json -> {
          if (token.isPresent()) {
            json.writeStringField("token", token.get());
          }
          signInField(json, signIn);
          userField(json, user);
        });
  }

  /** Who the credentials of the request belong to. */
  public static String whoAmI(SignIn signIn, Person user) {
    return signedIn(Optional.empty(), signIn, user);
  }

  public static String signIns(List<SignIn> signIns) {
    return Json.object(
        json -> {
          json.writeArrayFieldStart("signIns");
          for (SignIn signIn : signIns) {
            json.writeStartObject();
            fields(json, signIn);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** The people whom a search by name found. */
  public static String people(List<Person> people) {
    return Json.object(
        json -> {
          json.writeArrayFieldStart("users");
          for (Person person : people) {
            json.writeStartObject();
            SummaryJson.person(json, person);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  public static String conversation(UserId viewer, ConversationSummary conversation) {
    return Json.object(
        json -> {
          json.writeObjectFieldStart("conversation");
          SummaryJson.fields(json, viewer, conversation);
          json.writeEndObject();
        });
  }

  /** A page of an inbox; without a cursor it was the last. */
  public static String inbox(
      UserId viewer, List<ConversationSummary> conversations, Optional<String> cursor) {
    return Json.object(
        json -> {
          SummaryJson.list(json, viewer, conversations);
          if (cursor.isPresent()) {
            json.writeStringField("cursor", cursor.get());
          } else {
            json.writeNullField("cursor");
          }
        });
  }

  /** What a search found; with a cursor there may be more, even if this page is short. */
  public static String hits(List<Hit> hits, Optional<String> cursor) {
    return Json.object(
        json -> {
          json.writeArrayFieldStart("hits");
          for (Hit hit : hits) {
            json.writeStartObject();
            fields(json, hit);
            json.writeEndObject();
          }
          json.writeEndArray();
          optional(json, "cursor", cursor);
        });
  }

  private static void fields(JsonGenerator json, Hit hit) throws IOException {
    json.writeStringField("conversation", hit.conversation().value());
    json.writeObjectFieldStart("peer");
    SummaryJson.person(json, hit.peer());
    json.writeEndObject();
    json.writeObjectFieldStart("message");
    json.writeNumberField("seq", hit.message().seq());
    json.writeStringField("kind", OperationJson.MESSAGE);
    json.writeStringField("by", hit.message().by().value());
    json.writeNumberField("at", hit.message().at());
    json.writeStringField("text", hit.message().text());
    if (hit.message().replyTo().isPresent()) {
      json.writeNumberField("replyTo", hit.message().replyTo().getAsLong());
    } else {
      json.writeNullField("replyTo");
    }
    json.writeEndObject();
    json.writeBooleanField("edited", hit.message().edited());
  }

  /** A page of a log. */
  public static String events(List<EncodedEvent> events, boolean start, long head) {
    return Json.object(
        json -> {
          Json.events(json, events);
          json.writeBooleanField("start", start);
          json.writeNumberField("head", head);
        });
  }

  /** The frame of the same name but for {@code re}: the response itself is the reply. */
  public static String accepted(ServerFrame.Accepted accepted) {
    return Json.object(
        json -> {
          json.writeStringField("t", "accepted");
          OutcomeJson.accepted(json, accepted);
        });
  }

  /** The frame of the same name but for {@code re}: the response itself is the reply. */
  public static String skipped(ServerFrame.Skipped skipped) {
    return Json.object(
        json -> {
          json.writeStringField("t", "skipped");
          OutcomeJson.skipped(json, skipped);
        });
  }

  public static String outbox(long ordinal) {
    return Json.object(json -> json.writeNumberField("outbox", ordinal));
  }

  /**
   * What a client should know before it signs in.
   *
   * @param minClient the oldest client that is still served; empty when all are
   */
  public static String meta(List<String> protocols, Optional<String> minClient, long now) {
    return Json.object(
        json -> {
          json.writeArrayFieldStart("protocols");
          for (String protocol : protocols) {
            json.writeString(protocol);
          }
          json.writeEndArray();
          if (minClient.isPresent()) {
            json.writeStringField("minClient", minClient.get());
          } else {
            json.writeNullField("minClient");
          }
          json.writeNumberField("now", now);
        });
  }

  private static void userField(JsonGenerator json, Person user) throws IOException {
    json.writeObjectFieldStart("user");
    SummaryJson.person(json, user);
    json.writeEndObject();
  }

  private static void signInField(JsonGenerator json, SignIn signIn) throws IOException {
    json.writeObjectFieldStart("signIn");
    fields(json, signIn);
    json.writeEndObject();
  }

  private static void fields(JsonGenerator json, SignIn signIn) throws IOException {
    json.writeStringField("id", signIn.id());
    optional(json, "device", signIn.device());
    optional(json, "address", signIn.address());
    json.writeNumberField("createdAt", signIn.createdAt());
    json.writeNumberField("lastUsedAt", signIn.lastUsedAt());
    json.writeBooleanField("current", signIn.current());
  }

  private static void optional(JsonGenerator json, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get());
    } else {
      json.writeNullField(name);
    }
  }
}
