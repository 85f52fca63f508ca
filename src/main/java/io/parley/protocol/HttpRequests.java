package io.parley.protocol;

import io.parley.model.ErrorCode;
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

  /** What lets somebody in. */
  public sealed interface Proof {}

  public record ByPassword(String username, String password) implements Proof {
    /** Without the password: records end up in logs. */
    @Override
    public String toString() {
      return "ByPassword[" + username + "]";
    }
  }

  /** A link, which lets in once. */
  public record ByLink(String link) implements Proof {
    @Override
    public String toString() {
      return "ByLink[…]";
    }
  }

  /**
   * A wish to sign in.
   *
   * @param device what the list of sign-ins calls it
   * @param cookie whether the token comes as a cookie instead of in the body
   */
  public record SignInRequest(Proof proof, Optional<String> device, boolean cookie) {
    public static SignInRequest read(Fields fields) {
      return new SignInRequest(
          proof(fields),
          fields.optionalWord("device"),
          fields.optionalFlag("cookie").orElse(false));
    }

    private static Proof proof(Fields fields) {
      Optional<String> link = fields.optionalWord("link");
      if (link.isEmpty()) {
        return new ByPassword(fields.word("username"), fields.text("password"));
      }
      if (fields.optionalText("username").isPresent()
          || fields.optionalText("password").isPresent()) {
        throw new Refusal(ErrorCode.INVALID, "link", "goes without username and password");
      }
      return new ByLink(link.get());
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
