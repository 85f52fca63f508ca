package io.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts settings together: our defaults, over them the operator's file, over that the environment.
 * Every key below {@code parley} has its variable, by one rule: {@code parley.data-dir} is {@code
 * PARLEY_DATA_DIR}. {@code PARLEY_DATA_DIR_FILE} names a file that the same is read from: a secret
 * in the environment is seen by whoever may look at the process.
 */
final class SettingsSource {

  /** Variables that are read elsewhere: logback.xml and the start script. */
  private static final Set<String> NOT_SETTINGS =
      Set.of("PARLEY_LOG", "PARLEY_LOG_LEVEL", "PARLEY_JAVA_OPTS");

  private SettingsSource() {}

  /**
   * What was put together.
   *
   * @param faults what refuses the start, a sentence each; the setting keeps its default meanwhile
   * @param warnings what was passed over, a sentence each
   */
  record Loaded(Config config, List<String> faults, List<String> warnings) {}

  static Loaded load(Path file, Map<String, String> environment) {
    Config reference = ConfigFactory.defaultReference();
    Map<String, String> keys = keysByVariable(reference);
    Config operator = parse(file);
    List<String> faults = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Config fromEnvironment = ConfigFactory.empty();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      String setting = setting(name, keys.keySet());
      String value = variable.getValue().strip();
      if (!name.startsWith("PARLEY_") || NOT_SETTINGS.contains(name)) {
        continue;
      }
      String key = keys.get(setting);
      if (key == null) {
        warnings.add(name + " is set, but there is no such setting" + meant(name, keys.keySet()));
      } else if (!value.isEmpty()) {
        // An empty variable is how compose files say "not set".
        try {
          fromEnvironment =
              fromEnvironment.withValue(key, value(name, setting, value, environment));
        } catch (SettingsException unusable) {
          faults.add(unusable.getMessage());
        }
      }
    }
    try {
      faults.addAll(0, unknownKeys(operator, reference));
      Config whole =
          ConfigFactory.defaultOverrides()
              .withFallback(fromEnvironment)
              .withFallback(operator)
              .withFallback(ConfigFactory.parseResources("pekko.conf"))
              .withFallback(reference)
              .resolve();
      requireGroups(whole, keys.values());
      return new Loaded(whole, List.copyOf(faults), List.copyOf(warnings));
    } catch (ConfigException e) {
      faults.add(file + " can't be used: " + e.getMessage());
      throw new SettingsException(faults);
    }
  }

  /** The variable that {@code name} is, or names a file for. */
  private static String setting(String name, Set<String> settings) {
    return settings.contains(name)
        ? name
        : VariableFile.variable(name).filter(settings::contains).orElse(name);
  }

  private static ConfigValue value(
      String name, String setting, String given, Map<String, String> environment) {
    if (name.equals(setting)) {
      return ConfigValueFactory.fromAnyRef(given, "environment");
    }
    if (!environment.getOrDefault(setting, "").isBlank()) {
      throw new SettingsException(
          List.of(setting + " and " + name + " are both set; leave one of them out."));
    }
    return VariableFile.read(name, given);
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Map<String, String> keysByVariable(Config reference) {
    Map<String, String> keys = new TreeMap<>();
    for (var entry : reference.getConfig("parley").entrySet()) {
      String key = "parley." + entry.getKey();
      keys.put(variable(key), key);
    }
    return keys;
  }

  private static Config parse(Path file) {
    if (!Files.exists(file)) {
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw new SettingsException(List.of("The settings file can't be read. " + e.getMessage()));
    }
  }

  /** A mistyped key would otherwise be passed over in silence, and the default used. */
  private static List<String> unknownKeys(Config operator, Config reference) {
    if (!operator.hasPathOrNull("parley")) {
      return List.of();
    }
    Set<String> known = new TreeSet<>();
    reference.getConfig("parley").entrySet().forEach(entry -> known.add(entry.getKey()));
    List<String> faults = new ArrayList<>();
    operator
        .getConfig("parley")
        .entrySet()
        .forEach(
            entry -> {
              if (!reference.hasPathOrNull("parley." + entry.getKey())) {
                String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
                faults.add(
                    "parley."
                        + key
                        + " ("
                        + entry.getValue().origin().description()
                        + ") is no setting"
                        + meant(key, known));
              }
            });
    return faults;
  }

  /** A value where a group of settings belongs hides them all: {@code parley.management = 3}. */
  private static void requireGroups(Config whole, Collection<String> keys) {
    for (String key : keys) {
      if (!whole.hasPathOrNull(key)) {
        // Throws, and names the file's line.
        whole.getValue(key);
      }
    }
  }

  private static String meant(String given, Set<String> known) {
    String nearest = "";
    int least = 4;
    for (String candidate : known) {
      int distance = distance(given, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest.isEmpty() ? "." : "; did you mean " + nearest + "?";
  }

  /** Letters to change, add or drop. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
