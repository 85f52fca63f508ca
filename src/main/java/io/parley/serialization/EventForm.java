package io.parley.serialization;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The persisted forms of a conversation's events. Their manifests let SQL tell the kinds. */
public enum EventForm {
  OPENED("opened-1"),
  MESSAGE("message-1"),
  EDIT("edit-1"),
  DELETE("delete-1"),
  REACT("react-1"),
  MARKED("marked-1"),
  /** What is left of a message that its author deleted. */
  MESSAGE_ERASED("message-erased-1"),
  /** What is left of an edit of such a message. */
  EDIT_ERASED("edit-erased-1"),
  /** A number used for nothing. */
  SKIPPED("skipped-1");

  private static final Map<String, EventForm> BY_MANIFEST =
      Arrays.stream(values()).collect(Collectors.toMap(EventForm::manifest, Function.identity()));

  private final String manifest;

  EventForm(String manifest) {
    this.manifest = manifest;
  }

  public String manifest() {
    return manifest;
  }

  public static Optional<EventForm> of(String manifest) {
    return Optional.ofNullable(BY_MANIFEST.get(manifest));
  }

  /** The forms of events that carry an outbox number. */
  public static List<EventForm> numbered() {
    return List.of(MESSAGE, EDIT, DELETE, REACT, MESSAGE_ERASED, EDIT_ERASED, SKIPPED);
  }
}
