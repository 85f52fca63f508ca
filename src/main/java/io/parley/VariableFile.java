package io.parley;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file that stands for a variable, as containers are given their secrets: {@code
 * PARLEY_DATABASE_PASSWORD_FILE=/run/secrets/database-password}.
 */
final class VariableFile {

  private static final String ENDING = "_FILE";

  /** A mistaken path may be a large file, or one without an end. */
  private static final int MOST_BYTES = 65_536;

  private VariableFile() {}

  /** The variable that {@code name} would stand for. */
  static Optional<String> variable(String name) {
    return name.endsWith(ENDING)
        ? Optional.of(name.substring(0, name.length() - ENDING.length()))
        : Optional.empty();
  }

  /** Whether a value came out of a file: one that nobody wrote to be seen. */
  static boolean isOrigin(ConfigValue value) {
    return value.origin().description().startsWith("PARLEY_");
  }

  /**
   * What is in the file, without the line end that editors leave. Any other white space is part of
   * it, as it is to PostgreSQL's image, which reads the same password.
   *
   * @throws SettingsException saying why it can't be used, and nothing of what is in it
   */
  static ConfigValue read(String name, String path) {
    String text = text(name, path).replaceFirst("[\r\n]+\\z", "");
    if (text.isBlank()) {
      throw fault(name, path, "which is empty");
    }
    return ConfigValueFactory.fromAnyRef(text, name + "=" + path);
  }

  private static String text(String name, String path) {
    Path file;
    try {
      file = Path.of(path);
    } catch (InvalidPathException e) {
      throw fault(name, path, "which can't be a file's name");
    }
    if (Files.isDirectory(file)) {
      throw fault(name, path, "which is a folder; was the file missing when it was mounted?");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw fault(name, path, "which has more than " + MOST_BYTES + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw fault(name, path, "and there is no such file");
    } catch (AccessDeniedException e) {
      throw fault(name, path, "which " + System.getProperty("user.name") + " may not read");
    } catch (CharacterCodingException e) {
      throw fault(name, path, "which isn't text in UTF-8");
    } catch (IOException e) {
      throw fault(name, path, "which can't be read: " + e.getMessage());
    }
  }

  private static SettingsException fault(String name, String path, String what) {
    return new SettingsException(List.of(name + " names " + path + ", " + what + "."));
  }
}
