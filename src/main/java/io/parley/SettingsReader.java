package io.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads typed values and gathers every fault, so that an operator mends them in one go. */
final class SettingsReader {

  private static final int HIGHEST_PORT = 65_535;

  private final Config config;
  private final List<String> faults = new ArrayList<>();

  SettingsReader(Config config) {
    this.config = config;
  }

  int port(String key) {
    return whole(key, 0, HIGHEST_PORT, "a port from 1 to 65535, or 0 for a free one");
  }

  int count(String key, int least, int most) {
    return whole(key, least, most, "a whole number from " + least + " to " + most);
  }

  private int whole(String key, int least, int most, String allowed) {
    return read(
        key,
        allowed,
        least,
        at -> {
          // Asked for an int, the library cuts off what stands behind the point.
          double value = config.getDouble(at);
          require(value >= least && value <= most && value == Math.rint(value));
          return (int) value;
        });
  }

  /** A size such as 4 MiB. */
  long bytes(String key, long least, long most) {
    return read(
        key,
        "a size such as 4 MiB, from " + least + " to " + most + " bytes",
        least,
        at -> {
          long value = config.getBytes(at);
          require(value >= least && value <= most);
          return value;
        });
  }

  boolean onOff(String key) {
    return read(key, "on or off", false, config::getBoolean);
  }

  Duration atMost(String key, Duration most) {
    String allowed = "a duration such as 10s, up to " + most.toSeconds() + "s";
    return read(
        key,
        allowed,
        most,
        at -> {
          Duration value = config.getDuration(at);
          require(value.compareTo(Duration.ZERO) > 0 && value.compareTo(most) <= 0);
          return value;
        });
  }

  String text(String key, String allowed) {
    return read(
        key,
        allowed,
        "",
        at -> {
          String value = config.getString(at);
          require(!value.isBlank());
          return value;
        });
  }

  /** May be empty, which means {@code otherwise}. */
  String textOr(String key, String otherwise) {
    return read(
        key,
        "a text",
        otherwise,
        at -> config.getString(at).isBlank() ? otherwise : config.getString(at));
  }

  /** May be empty. From the folder {@code home}, unless absolute. */
  Optional<Path> file(String key, Path home) {
    return read(
        key,
        "a file",
        Optional.empty(),
        at -> {
          String given = config.getString(at);
          try {
            return given.isBlank() ? Optional.empty() : Optional.of(home.resolve(given));
          } catch (InvalidPathException e) {
            throw new ConfigException.Generic("not allowed", e);
          }
        });
  }

  /** May be empty. A secret: what was given isn't shown when it is refused. */
  <T> T secret(String key, T otherwise, Function<String, T> parse) {
    try {
      return parse.apply(config.getString(key));
    } catch (IllegalArgumentException | ConfigException e) {
      faults.add(name(key) + ": " + e.getMessage());
      return otherwise;
    }
  }

  /** A list, or one string with commas. */
  List<String> texts(String key, String allowed, Predicate<String> isAllowed) {
    return read(
        key,
        allowed,
        List.of(),
        at -> {
          List<String> values =
              config.getValue(at).valueType() == ConfigValueType.LIST
                  ? config.getStringList(at)
                  : Arrays.stream(config.getString(at).split(",", -1)).map(String::strip).toList();
          require(values.stream().allMatch(isAllowed));
          return values;
        });
  }

  void fault(String fault) {
    faults.add(fault);
  }

  void throwFaults() {
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
  }

  private <T> T read(String key, String allowed, T otherwise, Function<String, T> reading) {
    try {
      return reading.apply(key);
    } catch (ConfigException e) {
      ConfigValue given = config.getValue(key);
      String shown = VariableFile.isOrigin(given) ? "not that" : "\"" + given.unwrapped() + "\"";
      faults.add(name(key) + " is " + shown + "; allowed is " + allowed + ".");
      return otherwise;
    }
  }

  private String name(String key) {
    return key
        + " (variable "
        + SettingsSource.variable(key)
        + ", given in: "
        + config.getValue(key).origin().description()
        + ")";
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw new ConfigException.Generic("not allowed");
    }
  }
}
