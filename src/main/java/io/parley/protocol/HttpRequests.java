package io.parley.protocol;

import java.util.Optional;

/**
 * The bodies of HTTP requests, but for sends, which {@link FrameCodec#decodeSend} reads. Names and
 * passwords are read as they came: their rules belong to accounts. Every {@code read} throws {@link
 * Refusal} when a field is missing or of the wrong type.
 */
public final class HttpRequests {
  private HttpRequests() {}

  public record SignUp(String username, String password, Optional<String> displayName) {
    public static SignUp read(Fields fields) {
      return new SignUp(
          fields.word("username"), fields.text("password"), fields.optionalWord("displayName"));
    }

    /** Without the password: records end up in logs. */
    @Override
    public String toString() {
      return "SignUp[" + username + "]";
    }
  }

  /**
   * A wish to sign in.
   *
   * @param device what the list of sign-ins calls it
   * @param cookie whether the token comes as a cookie instead of in the body
   */
  public record SignInRequest(
      String username, String password, Optional<String> device, boolean cookie) {
    public static SignInRequest read(Fields fields) {
      return new SignInRequest(
          fields.word("username"),
          fields.text("password"),
          fields.optionalWord("device"),
          fields.optionalFlag("cookie").orElse(false));
    }

    @Override
    public String toString() {
      return "SignInRequest[" + username + "]";
    }
  }

  public record Start(String peer) {
    public static Start read(Fields fields) {
      return new Start(fields.word("peer"));
    }
  }

  /** What changes of one's own profile; what is absent stays. */
  public record Profile(Optional<String> displayName) {
    public static Profile read(Fields fields) {
      return new Profile(fields.optionalWord("displayName"));
    }
  }

  public record PasswordChange(String current, String password) {
    public static PasswordChange read(Fields fields) {
      return new PasswordChange(fields.text("current"), fields.text("password"));
    }

    @Override
    public String toString() {
      return "PasswordChange[]";
    }
  }
}
