package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.parley.testing.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The AsyncAPI and OpenAPI documents stand over the same schemas, and over all of them. */
class InterfaceDocumentsTest {
  private static final Path ROOT = Path.of("protocol");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(strings = {"asyncapi.yaml", "openapi.yaml"})
  void everyReferenceOfADocumentLeadsSomewhere(String document) throws IOException {
    JsonNode root = YAML.readTree(ROOT.resolve(document).toFile());
    assertThat(references(root)).isNotEmpty();
    for (String reference : references(root)) {
      assertLeadsSomewhere(reference, root, ROOT);
    }
  }

  @Test
  void everyReferenceOfASchemaLeadsSomewhere() throws IOException {
    for (Path schema : schemas()) {
      JsonNode root = JSON.readTree(schema.toFile());
      assertThat(root.path("$id").asText()).isEqualTo(schema.getFileName().toString());
      for (String reference : references(root)) {
        assertLeadsSomewhere(reference, root, Objects.requireNonNull(schema.getParent()));
      }
    }
  }

  @Test
  void everyFrameAndBodyStandsInADocument() throws IOException {
    assertThat(schemasNamedIn("asyncapi.yaml"))
        .containsExactlyInAnyOrderElementsOf(schemasBelow("client", "server"));
    Set<String> bodies = schemasBelow("http");
    bodies.remove("http/sign-in-entry");
    assertThat(schemasNamedIn("openapi.yaml")).containsExactlyInAnyOrderElementsOf(bodies);
  }

  private static Set<String> schemasNamedIn(String document) throws IOException {
    return references(YAML.readTree(ROOT.resolve(document).toFile())).stream()
        .filter(reference -> reference.startsWith("./schemas/") && !reference.contains("common"))
        .map(reference -> reference.substring("./schemas/".length()).replace(".json", ""))
        .collect(Collectors.toSet());
  }

  private static Set<String> schemasBelow(String... folders) throws IOException {
    Set<String> folderNames = Set.of(folders);
    return schemas().stream()
        .map(Schemas.ROOT::relativize)
        .filter(path -> path.getNameCount() == 2)
        .filter(path -> folderNames.contains(path.getName(0).toString()))
        .map(path -> path.getName(0) + "/" + path.getName(1).toString().replace(".json", ""))
        .collect(Collectors.toSet());
  }

  private static List<Path> schemas() throws IOException {
    try (Stream<Path> files = Files.walk(Schemas.ROOT)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private static void assertLeadsSomewhere(String reference, JsonNode root, Path folder)
      throws IOException {
    int hash = reference.indexOf('#');
    String file = hash < 0 ? reference : reference.substring(0, hash);
    JsonNode target =
        file.isEmpty() ? root : JSON.readTree(folder.resolve(file).normalize().toFile());
    String pointer = hash < 0 ? "" : reference.substring(hash + 1);
    assertThat(target.at(pointer).isMissingNode()).as(reference).isFalse();
  }

  private static List<String> references(JsonNode node) {
    List<String> found = new ArrayList<>();
    if (node.path("$ref").isTextual()) {
      found.add(node.path("$ref").textValue());
    }
    node.forEach(child -> found.addAll(references(child)));
    return found;
  }
}
