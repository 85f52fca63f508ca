package io.parley.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the files held at one moment. Their names may be links that are set anew, as certbot and
 * Kubernetes do, so a change is told by what is in them and not by their times.
 */
final class Contents {

  private static final long LARGEST_BYTES = 1_048_576;

  /**
   * One file.
   *
   * @param text empty when it couldn't be read
   * @param fault why, or empty
   */
  private record Held(Optional<String> text, String fault) {
    @Override
    public String toString() {
      return "Held";
    }
  }

  private final TlsFiles files;
  private final Held certificate;
  private final Held key;
  private final Optional<Held> authority;

  private Contents(TlsFiles files) {
    this.files = files;
    this.certificate = read(files.certificate());
    this.key = read(files.key());
    this.authority = files.authority().map(Contents::read);
  }

  static Contents read(TlsFiles files) {
    return new Contents(files);
  }

  /** The same for the same contents, and for the same reason not to be readable. */
  String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      add(sha, certificate);
      add(sha, key);
      authority.ifPresent(held -> add(sha, held));
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(MessageDigest sha, Held held) {
    sha.update(held.text().orElse(held.fault()).getBytes(StandardCharsets.ISO_8859_1));
    sha.update((byte) 0);
  }

  Pem certificate() {
    return pem(certificate, files.certificateIs(), files.certificate());
  }

  Pem key() {
    return pem(key, files.keyIs(), files.key());
  }

  Optional<Pem> authority() {
    return files
        .authority()
        .flatMap(path -> authority.map(held -> pem(held, files.authorityIs(), path)));
  }

  private static Pem pem(Held held, String is, Path path) {
    return new Pem(is, path, held.text(), held.fault());
  }

  private static Held read(Path path) {
    try {
      if (Files.isDirectory(path)) {
        return unreadable("that is a folder, not a file.");
      }
      if (Files.size(path) > LARGEST_BYTES) {
        return unreadable("it is larger than 1 MiB, which is no certificate and no key.");
      }
      // Byte for byte: what isn't PEM is told of later, in words.
      return new Held(Optional.of(Files.readString(path, StandardCharsets.ISO_8859_1)), "");
    } catch (NoSuchFileException e) {
      return unreadable("there is no such file.");
    } catch (AccessDeniedException e) {
      return unreadable("the account that Parley runs as may not read it.");
    } catch (IOException e) {
      return unreadable("it can't be read (" + e.getMessage() + ").");
    }
  }

  private static Held unreadable(String fault) {
    return new Held(Optional.empty(), fault);
  }
}
