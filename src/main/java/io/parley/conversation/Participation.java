package io.parley.conversation;

import io.parley.model.Marks;

/** What a conversation knows of one of its two participants. */
record Participation(Marks marks, Outboxes outboxes, PeerMessages peerMessages) {
  static final Participation NEW = new Participation(Marks.NONE, Outboxes.NONE, PeerMessages.NONE);

  Participation with(Outboxes changed) {
    return new Participation(marks, changed, peerMessages);
  }

  Participation with(Marks changed) {
    Marks risen = marks.max(changed);
    return new Participation(risen, outboxes, peerMessages.from(risen.read()));
  }

  Participation withPeerMessage(long seq) {
    return new Participation(marks, outboxes, peerMessages.plus(seq));
  }

  /** What this claim is lowered to and raises the marks to; the present marks if it raises none. */
  Marks raisedBy(Marks claimed) {
    return marks.max(
        Marks.claimed(peerMessages.lower(claimed.delivered()), peerMessages.lower(claimed.read())));
  }
}
