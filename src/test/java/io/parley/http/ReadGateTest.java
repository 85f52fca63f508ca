package io.parley.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.model.UserId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

@TestInstance(Lifecycle.PER_CLASS)
class ReadGateTest {
  private static final UserId ADA = new UserId("u_ada");
  private static final UserId BOB = new UserId("u_bob");
  private static final UserId CAROL = new UserId("u_carol");
  private static final ReadGate.Bounds THREE = new ReadGate.Bounds(3, 2);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(500);

  private final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private final Incidents incidents = new Incidents(System::nanoTime);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterAll
  void shutDown() {
    kit.shutdownTestKit();
  }

  @Test
  void oneMoreThanTheNodeHoldsIsToldToComeBack() {
    ReadGate gate = gate(THREE, LONG);
    CompletableFuture<HttpResponse> first = enter(gate, ADA);
    hold(gate, ADA);
    hold(gate, BOB);
    assertRefused(gate, CAROL, "overloaded");

    first.completeExceptionally(new IllegalStateException());
    hold(gate, CAROL);
    assertRefused(gate, CAROL, "overloaded");
  }

  @Test
  void onePersonHasAFewUnderWayAndOthersHaveTheirs() {
    ReadGate gate = gate(THREE, LONG);
    hold(gate, ADA);
    hold(gate, ADA);
    long before = incidents.count(Incident.READS);
    assertRefused(gate, ADA, "rate_limited");
    assertThat(incidents.count(Incident.READS)).isEqualTo(before + 1);
    hold(gate, BOB);
  }

  @Test
  void aReadThatFailsMakesRoom() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), LONG);
    for (int i = 0; i < 3; i++) {
      enter(gate, ADA).completeExceptionally(new IllegalStateException());
      assertThatThrownBy(
              () ->
                  gate.run(
                      BOB,
                      () -> {
                        throw new IllegalStateException();
                      }))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aReadIsUnderWayUntilTheLastPieceOfItWasWritten() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), LONG);
    Reader reader = new Reader(answered(gate, 2 * Delivery.PIECE_BYTES + 1));
    for (int piece = 1; piece <= 3; piece++) {
      reader.take();
      int count = piece;
      await().until(() -> reader.pieces.get() == count);
      assertThat(reader.bytes.get()).isLessThanOrEqualTo(count * Delivery.PIECE_BYTES);
      assertRefused(gate, BOB, "overloaded");
    }
    reader.take();
    awaitRoom(gate);
    assertThat(reader.end).isEqualTo("written");
    assertThat(reader.bytes.get()).isEqualTo(2 * Delivery.PIECE_BYTES + 1);
  }

  @Test
  void aReaderThatHangsUpMakesRoom() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), LONG);
    Reader reader = new Reader(answered(gate, 2 * Delivery.PIECE_BYTES));
    reader.take();
    assertRefused(gate, BOB, "overloaded");
    reader.hangUp();
    awaitRoom(gate);
  }

  @Test
  void aReaderThatTakesNothingIsPartedWith() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), SHORT);
    Reader reader = new Reader(answered(gate, 2 * Delivery.PIECE_BYTES));
    reader.take();
    awaitRoom(gate);
    await().until(() -> reader.end.equals("broken off"));
    assertThat(reader.pieces).hasValue(1);
  }

  @Test
  void aReaderThatTakesAPieceNowAndThenHasAnEndAsWell() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), SHORT);
    Reader reader = new Reader(answered(gate, 100 * Delivery.PIECE_BYTES));
    await()
        .pollInterval(SHORT.dividedBy(4))
        .until(
            () -> {
              reader.take();
              return reader.end.equals("broken off");
            });
    awaitRoom(gate);
    assertThat(reader.pieces).hasValueGreaterThan(4);
  }

  @Test
  void aBodyThatNobodyBeginsIsGivenUp() {
    ReadGate gate = gate(new ReadGate.Bounds(1, 1), SHORT);
    HttpResponse answer = answered(gate, Delivery.PIECE_BYTES);
    assertRefused(gate, BOB, "overloaded");
    awaitRoom(gate);

    Reader late = new Reader(answer);
    late.take();
    await().until(() -> !late.end.isEmpty());
    assertThat(late.pieces).hasValue(0);
  }

  private ReadGate gate(ReadGate.Bounds bounds, Duration patience) {
    return new ReadGate(bounds, new Delivery(patience, kit.system().classicSystem()), incidents);
  }

  /** A read that was let in, and has no result yet. */
  private CompletableFuture<HttpResponse> enter(ReadGate gate, UserId user) {
    CompletableFuture<HttpResponse> result = new CompletableFuture<>();
    run(gate, user, result);
    return result;
  }

  private void hold(ReadGate gate, UserId user) {
    assertThat(enter(gate, user)).isNotDone();
  }

  private CompletionStage<HttpResponse> run(
      ReadGate gate, UserId user, CompletableFuture<HttpResponse> result) {
    return gate.run(
        user,
        () -> {
          begun.incrementAndGet();
          return result;
        });
  }

  private HttpResponse answered(ReadGate gate, int bytes) {
    HttpResponse response = Bodies.json(200, "x".repeat(bytes));
    return House.join(run(gate, ADA, CompletableFuture.completedFuture(response)));
  }

  private void assertRefused(ReadGate gate, UserId user, String code) {
    int before = begun.get();
    assertThatThrownBy(() -> hold(gate, user)).isInstanceOf(Problems.Thrown.class).hasMessage(code);
    assertThat(begun).hasValue(before);
  }

  private void awaitRoom(ReadGate gate) {
    await()
        .ignoreExceptionsInstanceOf(Problems.Thrown.class)
        .until(
            () -> {
              enter(gate, BOB).completeExceptionally(new IllegalStateException());
              return true;
            });
  }

  /** Takes one piece whenever it is told to. */
  private final class Reader implements Subscriber<ByteString> {
    final AtomicInteger pieces = new AtomicInteger();
    final AtomicInteger bytes = new AtomicInteger();
    volatile String end = "";
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

    Reader(HttpResponse answer) {
      answer
          .entity()
          .getDataBytes()
          .runWith(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), kit.system())
          .subscribe(this);
    }

    void take() {
      House.join(subscription).request(1);
    }

    void hangUp() {
      House.join(subscription).cancel();
    }

    @Override
    public void onSubscribe(Subscription begun) {
      subscription.complete(begun);
    }

    @Override
    public void onNext(ByteString piece) {
      bytes.addAndGet(piece.size());
      pieces.incrementAndGet();
    }

    @Override
    public void onError(Throwable failure) {
      end = "broken off";
    }

    @Override
    public void onComplete() {
      end = "written";
    }
  }
}
