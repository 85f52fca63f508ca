package io.parley.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.ConversationEvent;
import io.parley.model.Operation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A database outlives the code that filled it. With {@code -Dgolden.add=true} the files of new
 * examples are written into the source tree, and nothing else is.
 */
class EventGoldenFilesTest {
  private static final Path SOURCES = Path.of("src/test/resources/golden/events");

  @TestFactory
  Stream<DynamicTest> everyFormEverStoredReadsAsItDidThen() throws Exception {
    Map<String, ConversationEvent> examples = ExampleEvents.all();
    addMissing(examples);
    return files().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      List<String> lines = Files.readAllLines(folder().resolve(name + ".txt"));
                      String manifest = lines.get(0);
                      byte[] bytes = HexFormat.of().parseHex(lines.get(1));
                      ConversationEvent event =
                          requireNonNull(examples.get(name), "an example was removed");

                      assertThat(EventCbor.CODEC.fromBytes(manifest, bytes)).isEqualTo(event);
                      assertThat(EventCbor.CODEC.manifest(event)).isEqualTo(manifest);
                      assertThat(EventCbor.CODEC.toBytes(event)).isEqualTo(bytes);
                    }));
  }

  @Test
  void everyFormAndEveryKindOfEventHasAnExample() throws Exception {
    Map<String, ConversationEvent> examples = ExampleEvents.all();
    assertThat(files()).containsAll(examples.keySet());
    assertThat(examples.values().stream().map(EventCbor.CODEC::manifest))
        .containsAll(Arrays.stream(EventForm.values()).map(EventForm::manifest).toList());
    assertThat(classesOf(examples)).containsAll(leaves(ConversationEvent.class));
    assertThat(classesOf(examples)).containsAll(leaves(Operation.class));
  }

  private static Set<Class<?>> classesOf(Map<String, ConversationEvent> examples) {
    Set<Class<?>> classes = new HashSet<>();
    for (ConversationEvent event : examples.values()) {
      classes.add(event.getClass());
      if (event instanceof ConversationEvent.Operated operated) {
        classes.add(operated.operation().getClass());
      }
    }
    return classes;
  }

  private static List<Class<?>> leaves(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    List<Class<?>> leaves = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      leaves.addAll(leaves(permitted));
    }
    return leaves;
  }

  private static void addMissing(Map<String, ConversationEvent> examples) throws IOException {
    if (!Boolean.getBoolean("golden.add")) {
      return;
    }
    for (Map.Entry<String, ConversationEvent> example : examples.entrySet()) {
      Path file = SOURCES.resolve(example.getKey() + ".txt");
      if (Files.notExists(file)) {
        String hex = HexFormat.of().formatHex(EventCbor.CODEC.toBytes(example.getValue()));
        String manifest = EventCbor.CODEC.manifest(example.getValue());
        Files.writeString(file, manifest + "\n" + hex + "\n" + example.getValue() + "\n", UTF_8);
      }
    }
  }

  private static Set<String> files() throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(folder())) {
      Set<String> names = new TreeSet<>();
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".txt")) {
          names.add(name.substring(0, name.length() - ".txt".length()));
        }
      }
      return names;
    }
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(
        requireNonNull(EventGoldenFilesTest.class.getResource("/golden/events")).toURI());
  }
}
