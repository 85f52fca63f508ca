package io.parley.campaign.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.campaign.record.Notebook;
import io.parley.campaign.record.Observation.Talk;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** All people of a campaign and their devices. */
public final class Population {
  private static final String PASSWORD = "correct horse battery";

  /** On a machine that is busy otherwise, the first requests may be told to come again. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);

  /** What the campaign tells all devices, at any moment. */
  static final class Mood {
    private volatile boolean over;
    private volatile boolean sending = true;
    private volatile double paceMillis;
    private volatile boolean someAreStuck;
    private final List<String> talks = new ArrayList<>();

    boolean isOver() {
      return over;
    }

    boolean isSending() {
      return sending;
    }

    double paceMillis() {
      return paceMillis;
    }

    /** Every fifth device doesn't read while the fault lasts. */
    boolean isStuck(String device) {
      return someAreStuck && Math.floorMod(device.hashCode(), 5) == 0;
    }

    Optional<String> foreignTo(Person person, Random random) {
      List<String> foreign =
          talks.stream().filter(talk -> !person.peers().containsKey(talk)).toList();
      return foreign.isEmpty()
          ? Optional.empty()
          : Optional.of(foreign.get(random.nextInt(foreign.size())));
    }
  }

  private final Nodes nodes;
  private final Notebook notes;
  private final Http http = new Http();
  private final Mood mood = new Mood();
  private final ExecutorService errands = Executors.newCachedThreadPool(Population::thread);
  private final List<Person> people = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final double paceMillis;

  private Population(Nodes nodes, Notebook notes, double paceMillis) {
    this.nodes = nodes;
    this.notes = notes;
    this.paceMillis = paceMillis;
    mood.paceMillis = paceMillis;
  }

  /**
   * Signs people up, makes each a friend of the next ones, and lets their devices loose.
   *
   * @param paceMillis from one act of a device to its next, on average
   */
  public static Population start(
      Nodes nodes, Notebook notes, int size, double paceMillis, long seed) {
    Population population = new Population(nodes, notes, paceMillis);
    population.settle(size);
    population.letLoose(new Random(seed));
    return population;
  }

  private static Thread thread(Runnable errand) {
    Thread thread = new Thread(errand, "errand");
    thread.setDaemon(true);
    return thread;
  }

  private void settle(int size) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      names.add("person" + i);
      people.add(signUp(names.get(i)));
    }
    for (int i = 0; i < size; i++) {
      for (int step : new int[] {1, 3}) {
        befriend(people.get(i), people.get((i + step) % size), names.get((i + step) % size));
      }
    }
  }

  private Person signUp(String name) {
    String credentials =
        Http.JSON.createObjectNode().put("username", name).put("password", PASSWORD).toString();
    JsonNode user = require(201, "POST", "/v1/users", "", credentials).path("user");
    String token = require(201, "POST", "/v1/session", "", credentials).path("token").asText();
    return new Person(user.path("id").asText(), token, new HashMap<>());
  }

  private void befriend(Person one, Person other, String name) {
    String body = Http.JSON.createObjectNode().put("peer", name).toString();
    String talk =
        require(200, "POST", "/v1/conversations", one.token(), body)
            .path("conversation")
            .path("id")
            .asText();
    one.peers().put(talk, other.id());
    other.peers().put(talk, one.id());
    mood.talks.add(talk);
    notes.note(new Talk(notes.now(), talk, one.id(), other.id()));
  }

  private JsonNode require(int status, String method, String path, String token, String body) {
    InetSocketAddress node = nodes.all().get(0);
    Http.Reply reply =
        Awaitility.await(node + " answers " + path)
            .pollDelay(Duration.ZERO)
            .atMost(SETTLED_WITHIN)
            .until(
                () ->
                    http.call(node, method, path, token, body)
                        .filter(answer -> answer.status() != 503),
                Optional::isPresent)
            .orElseThrow();
    if (reply.status() != status) {
      throw new IllegalStateException(path + ": " + reply);
    }
    return reply.json();
  }

  private void letLoose(Random random) {
    Device.Surroundings around = new Device.Surroundings(nodes, notes, http, mood, errands);
    for (int i = 0; i < people.size(); i++) {
      // Two devices each, and a third for some.
      for (int d = 0; d < (i % 3 == 0 ? 3 : 2); d++) {
        Person person = people.get(i);
        long outbox =
            require(201, "POST", "/v1/outboxes", person.token(), "{}").path("outbox").asLong();
        Device device = new Device("p" + i + "d" + d, person, outbox, around, random.nextLong());
        devices.add(device);
        Thread thread = new Thread(device, "device-" + i + "-" + d);
        thread.setDaemon(true);
        threads.add(thread);
      }
    }
    threads.forEach(Thread::start);
  }

  public int devices() {
    return devices.size();
  }

  /** Whether new things are said; what was said before is tried again all the same. */
  public void send(boolean sending) {
    mood.sending = sending;
  }

  /** So many times the ordinary load. */
  public void load(double times) {
    mood.paceMillis = paceMillis / times;
  }

  /** Every fifth device stops reading, or goes on. */
  public void stick(boolean stuck) {
    mood.someAreStuck = stuck;
  }

  /** All sockets are cut at once. */
  public void cutAll() {
    devices.forEach(Device::cut);
  }

  /** All sockets are left open and silent, and their devices come anew. */
  public void vanishAll() {
    devices.forEach(Device::vanish);
  }

  /** Devices that aren't at rest yet, in words; empty when all have everything. */
  public List<String> unrest() {
    Map<String, Long> heads = heads();
    return devices.stream()
        .filter(device -> !device.isAtRest(heads))
        .map(device -> device.unrest(heads))
        .toList();
  }

  private Map<String, Long> heads() {
    Map<String, Long> heads = new HashMap<>();
    for (Person person : people) {
      for (String talk : person.peers().keySet()) {
        if (!heads.containsKey(talk)) {
          http.call(
                  nodes.all().get(0),
                  "GET",
                  "/v1/conversations/" + talk + "/events?limit=1",
                  person.token(),
                  "")
              .filter(reply -> reply.status() == 200)
              .ifPresent(reply -> heads.put(talk, reply.json().path("head").asLong()));
        }
      }
    }
    return heads;
  }

  /** Everybody reads every log once more, at every node. */
  public void readHistories() {
    lastReading().histories();
  }

  /** Everybody reads their inbox and searches once more; nobody may write any more. */
  public void readReadSide() {
    lastReading().readSide();
  }

  private LastReading lastReading() {
    return new LastReading(nodes, notes, http, people);
  }

  /** Ends all devices; a second time changes nothing. */
  public void end() {
    mood.over = true;
    errands.shutdown();
    try {
      errands.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Thread thread : threads) {
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
