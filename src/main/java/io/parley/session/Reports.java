package io.parley.session;

import io.parley.audit.Incident;
import io.parley.audit.Incidents;
import io.parley.model.ErrorCode;
import io.parley.model.UserId;
import io.parley.protocol.ByeCode;
import java.util.Optional;

/** Where both doors tell an operator what they did: how much of it, and who was turned away. */
public record Reports(SessionMeters meters, Incidents incidents) {

  /** Nobody is told, but for the audit log. */
  public static Reports unmeasured() {
    return new Reports(SessionMeters.NONE, new Incidents(System::nanoTime));
  }

  /** An operation has its answer, so long after it came. */
  public void answered(UserId by, Answer answer, long nanos) {
    meters.answered(answer, nanos);
    if (answer instanceof Answer.Refused refused) {
      if (refused.code() == ErrorCode.RATE_LIMITED) {
        incidents.byUser(Incident.OPERATION_RATE, by.value());
      } else if (refused.code() == ErrorCode.NOT_FOUND) {
        notTheirs(by);
      }
    }
  }

  void tooManyInFlight(UserId by) {
    meters.tooManyInFlight();
    incidents.byUser(Incident.IN_FLIGHT, by.value());
  }

  /** Somebody named a conversation that isn't theirs, or isn't at all. */
  public void notTheirs(UserId by) {
    incidents.byUser(Incident.CONVERSATION, by.value());
  }

  void tooManySockets(String address) {
    incidents.fromAddress(Incident.SOCKETS_PER_ADDRESS, address);
  }

  /** A socket is gone. */
  void closed(Optional<ByeCode> goodbye, String address, Optional<UserId> user) {
    meters.closed(goodbye);
    goodbye
        .flatMap(Reports::incident)
        .ifPresent(
            incident ->
                user.ifPresentOrElse(
                    id -> incidents.byUser(incident, id.value()),
                    () -> incidents.fromAddress(incident, address)));
  }

  private static Optional<Incident> incident(ByeCode goodbye) {
    if (goodbye == ByeCode.PROTOCOL_ERROR) {
      return Optional.of(Incident.PROTOCOL_ERROR);
    }
    return goodbye == ByeCode.TOO_MANY_SESSIONS
        ? Optional.of(Incident.SESSIONS_PER_USER)
        : Optional.empty();
  }
}
