package io.parley.campaign.check;

import io.parley.campaign.check.Evidence.Session;
import io.parley.campaign.record.Observation.Answered;
import io.parley.campaign.record.Observation.OpKey;
import io.parley.campaign.record.Observation.Phase;
import io.parley.campaign.record.Observation.Sent;
import io.parley.campaign.record.Observation.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long after each fault people were served again, from what their devices saw. */
public final class Recoveries {
  private final Evidence evidence;

  private Recoveries(Evidence evidence) {
    this.evidence = evidence;
  }

  /**
   * One round of a campaign.
   *
   * @param accepts from the moment that counts until each conversation accepted what was sent after
   * @param welcomes from the loss of a socket until its device was welcomed elsewhere
   * @param waits of every operation that was sent while the fault lasted or after it, from its
   *     first copy to its first acceptance
   */
  public record Round(String fault, int accepted, Spread accepts, Spread welcomes, Spread waits) {}

  /**
   * All rounds, in order.
   *
   * @param fromHeal names of faults whose recovery counts from their end
   */
  public static List<Round> of(Evidence evidence, List<String> fromHeal) {
    return new Recoveries(evidence).rounds(fromHeal);
  }

  private List<Round> rounds(List<String> fromHeal) {
    List<Round> rounds = new ArrayList<>();
    long begin = 0;
    long heal = 0;
    for (Phase phase : evidence.phases) {
      if (phase.step() == Step.BEGIN) {
        begin = phase.at();
      } else if (phase.step() == Step.HEAL) {
        heal = phase.at();
      } else if (phase.step() == Step.REST) {
        long from = fromHeal.contains(phase.fault()) ? heal : begin;
        rounds.add(round(phase.fault(), begin, from, phase.at()));
      }
    }
    return rounds;
  }

  private Round round(String fault, long begin, long from, long to) {
    Map<String, Long> firstAccept = new HashMap<>();
    int accepted = 0;
    for (Map.Entry<OpKey, List<Answered>> entry : evidence.answered.entrySet()) {
      long sent =
          evidence.sent.getOrDefault(entry.getKey(), List.of()).stream()
              .mapToLong(Sent::at)
              .filter(at -> at >= from)
              .min()
              .orElse(Long.MAX_VALUE);
      for (Answered answer : entry.getValue()) {
        if (answer.outcome().equals("accepted") && answer.at() >= begin && answer.at() <= to) {
          accepted++;
          if (answer.at() >= sent) {
            firstAccept.merge(entry.getKey().conversation(), answer.at() - from, Math::min);
          }
        }
      }
    }
    return new Round(
        fault,
        accepted,
        Spread.ofNanos(List.copyOf(firstAccept.values())),
        Spread.ofNanos(welcomes(begin, to)),
        Spread.ofNanos(waits(begin, to)));
  }

  private List<Long> waits(long from, long to) {
    List<Long> waits = new ArrayList<>();
    evidence.sent.forEach(
        (key, copies) -> {
          long sent = copies.stream().mapToLong(Sent::at).min().orElse(Long.MAX_VALUE);
          if (sent >= from && sent <= to) {
            evidence.answered.getOrDefault(key, List.of()).stream()
                .filter(answer -> answer.outcome().equals("accepted"))
                .mapToLong(Answered::at)
                .min()
                .ifPresent(accepted -> waits.add(accepted - sent));
          }
        });
    return waits;
  }

  private List<Long> welcomes(long from, long to) {
    Map<String, List<Session>> byDevice = new HashMap<>();
    for (Session session : evidence.sessions.values()) {
      String device = session.opened.session().split("#", 2)[0];
      byDevice.computeIfAbsent(device, name -> new ArrayList<>()).add(session);
    }
    List<Long> times = new ArrayList<>();
    for (List<Session> sessions : byDevice.values()) {
      sessions.sort(Comparator.comparingLong(session -> session.opened.at()));
      long lostAt = Long.MAX_VALUE;
      for (Session session : sessions) {
        if (session.welcomedAt != Long.MAX_VALUE) {
          if (lostAt >= from && lostAt <= to) {
            times.add(session.welcomedAt - lostAt);
          }
          lostAt = session.endedAt;
        }
      }
    }
    return times;
  }
}
