package io.parley.campaign.check;

import io.parley.campaign.record.Observation.Answered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was accepted, by conversation, in the order in which clients were told so. */
record Accepted(Map<String, List<Answered>> conversations) {

  static Accepted of(Evidence evidence) {
    Map<String, List<Answered>> conversations = new HashMap<>();
    evidence.answered.forEach(
        (key, answers) ->
            answers.stream()
                .filter(answer -> answer.outcome().equals("accepted"))
                .findFirst()
                .ifPresent(
                    first ->
                        conversations
                            .computeIfAbsent(key.conversation(), talk -> new ArrayList<>())
                            .add(first)));
    conversations.values().forEach(all -> all.sort(Comparator.comparingLong(Answered::at)));
    return new Accepted(conversations);
  }

  List<Answered> in(String conversation) {
    return conversations.getOrDefault(conversation, List.of());
  }

  /** The highest sequence number that anybody had been told of by then; 0 before the first. */
  long newestBefore(String conversation, long at) {
    long newest = 0;
    for (Answered one : in(conversation)) {
      if (one.at() > at) {
        break;
      }
      newest = Math.max(newest, one.seq());
    }
    return newest;
  }

  /** When somebody was first told of an event past this one; the end of time if nobody was. */
  long firstPast(String conversation, long seq) {
    return in(conversation).stream()
        .filter(one -> one.seq() > seq)
        .mapToLong(Answered::at)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
