package io.parley;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What was built. */
final class Build {

  /** Maven leaves it in the jar. */
  private static final String PROPERTIES = "/META-INF/maven/io.parley/parley/pom.properties";

  private Build() {}

  /** As in {@code pom.xml}; 0 when it runs from its classes. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream(PROPERTIES)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "0");
  }
}
