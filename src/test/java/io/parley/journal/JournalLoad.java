package io.parley.journal;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import scala.jdk.javaapi.CollectionConverters;

/** Persistence ids that each write to a journal plugin, one event after the other. */
final class JournalLoad implements JournalBenchmark.Load {

  private final LongAdder stored = new LongAdder();
  private final List<ActorRef> writers = new ArrayList<>();

  private JournalLoad() {}

  static JournalLoad start(ActorSystem system, int ids, byte[] payload) {
    ActorRef journal = Persistence.get(system).journalFor("", ConfigFactory.empty());
    JournalLoad load = new JournalLoad();
    for (int i = 0; i < ids; i++) {
      String id = "benchmark|" + ids + "-" + i;
      load.writers.add(
          system.actorOf(
              Props.create(Writer.class, () -> new Writer(id, journal, payload, load.stored))));
    }
    return load;
  }

  @Override
  public LongAdder stored() {
    return stored;
  }

  @Override
  public void close() {
    writers.forEach(writer -> writer.tell(PoisonPill.getInstance(), ActorRef.noSender()));
  }

  private static final class Writer extends AbstractActor {
    private final String id;
    private final ActorRef journal;
    private final byte[] payload;
    private final LongAdder stored;
    private final String writerUuid = UUID.randomUUID().toString();
    private long sequenceNr;

    Writer(String id, ActorRef journal, byte[] payload, LongAdder stored) {
      this.id = id;
      this.journal = journal;
      this.payload = payload;
      this.stored = stored;
    }

    @Override
    public void preStart() {
      writeNext();
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(
              JournalProtocol.WriteMessageSuccess.class,
              success -> {
                stored.increment();
                writeNext();
              })
          .match(
              JournalProtocol.WriteMessageFailure.class,
              failure -> System.err.println(id + ": " + failure.cause()))
          .matchAny(other -> {})
          .build();
    }

    private void writeNext() {
      sequenceNr++;
      PersistentRepr event =
          PersistentRepr.apply(payload, sequenceNr, id, "", false, ActorRef.noSender(), writerUuid);
      List<PersistentEnvelope> messages = List.of(AtomicWrite.apply(event));
      journal.tell(
          new JournalProtocol.WriteMessages(
              CollectionConverters.asScala(messages).toList(), self(), 1),
          self());
    }
  }
}
