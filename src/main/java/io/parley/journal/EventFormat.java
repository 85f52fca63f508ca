package io.parley.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** Between Pekko's representation of an event and a row. */
final class EventFormat {

  private final Serialization serialization;

  EventFormat(ActorSystem system) {
    this.serialization = SerializationExtension.get(system);
  }

  /** Throws what the serializer throws. */
  EventRow row(PersistentRepr event) {
    Object payload = event.payload();
    Optional<String> tags = Optional.empty();
    if (payload instanceof Tagged tagged) {
      payload = tagged.payload();
      Set<String> names = CollectionConverters.asJava(tagged.tags());
      tags = names.isEmpty() ? Optional.empty() : Optional.of(arrayLiteral(names));
    }
    return new EventRow(
        event.sequenceNr(),
        event.writerUuid(),
        event.manifest(),
        tags,
        Serialized.of(payload, serialization),
        OptionConverters.toJava(event.metadata())
            .map(metadata -> Serialized.of(metadata, serialization)));
  }

  /** Throws what the serializer throws. */
  PersistentRepr event(String persistenceId, EventRow row) {
    PersistentRepr event =
        PersistentRepr.apply(
            row.event().value(serialization),
            row.sequenceNr(),
            persistenceId,
            row.adapterManifest(),
            false,
            ActorRef.noSender(),
            row.writer());
    return row.metadata()
        .map(metadata -> event.withMetadata(metadata.value(serialization)))
        .orElse(event);
  }

  /** {@code unnest} flattens an array of arrays, so the tags of a row travel as one text. */
  static String arrayLiteral(Iterable<String> tags) {
    StringBuilder literal = new StringBuilder("{");
    for (String tag : tags) {
      literal.append(literal.length() == 1 ? "\"" : ",\"");
      literal.append(tag.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return literal.append('}').toString();
  }

  /** As many rows as events, or an exception for all. */
  List<EventRow> rows(Iterable<PersistentRepr> events) {
    List<EventRow> rows = new ArrayList<>(1);
    for (PersistentRepr event : events) {
      rows.add(row(event));
    }
    return rows;
  }
}
