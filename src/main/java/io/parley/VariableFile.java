package io.parley;

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

  /**
   * What is in the file, without the white space around it that editors leave.
   *
   * @throws SettingsException saying why it can't be used, and nothing of what is in it
   */
  static String read(String name, String path) {
    String text = text(name, path).strip();
    if (text.isEmpty()) {
      throw fault(name, path, "which is empty");
    }
    return text;
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
