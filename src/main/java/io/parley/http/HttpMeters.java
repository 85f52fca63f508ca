package io.parley.http;

import io.parley.model.ErrorCode;
import java.util.Optional;

/** Hears what the public port answers, to count it. Quick, and never throws. */
public interface HttpMeters {

  /** A request was answered with this status. */
  void answered(int status);

  /** Somebody tried to sign in, and was let in or refused with this code. */
  void signIn(Optional<ErrorCode> refusal);

  /** Counts nothing. */
  HttpMeters NONE =
      new HttpMeters() {
        @Override
        public void answered(int status) {}

        @Override
        public void signIn(Optional<ErrorCode> refusal) {}
      };
}
