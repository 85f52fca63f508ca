package io.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The published schemas, held against what is really said. They are closed here: clients have to
 * ignore fields that they don't know, but a field of ours that no schema knows is a mistake.
 */
public final class Schemas {
  public static final Path ROOT = Path.of("protocol", "schemas");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, JsonSchema> LOADED = new ConcurrentHashMap<>();
  private static final Map<String, JsonSchema> LOADED_AS_PUBLISHED = new ConcurrentHashMap<>();
  private static final JsonSchemaFactory CLOSED =
      JsonSchemaFactory.getInstance(
          SpecVersion.VersionFlag.V202012,
          builder ->
              builder.schemaLoaders(
                  loaders ->
                      loaders.add(
                          iri ->
                              iri.toString().startsWith("file:")
                                  ? () -> new ByteArrayInputStream(closed(iri.toString()))
                                  : null)));
  private static final JsonSchemaFactory PUBLISHED =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  private Schemas() {}

  public static void assertValidServerFrame(String json) {
    assertValid("server/" + type(json), json);
  }

  public static void assertValidClientFrame(String json) {
    assertValid("client/" + type(json), json);
  }

  /**
   * Checks a body of HTTP.
   *
   * @param schemaName the file's name below http/, without its ending
   */
  public static void assertValidBody(String schemaName, String json) {
    assertValid("http/" + schemaName, json);
  }

  public static void assertValidEvent(String json) {
    assertValid("event", json);
  }

  /** Checks against any schema, named by its path below the root without its ending. */
  public static void assertValid(String schemaName, String json) {
    assertThat(problems(schemaName, json)).as("%s against %s", json, schemaName).isEmpty();
  }

  public static Set<String> problems(String schemaName, String json) {
    return problems(LOADED.computeIfAbsent(schemaName, name -> load(CLOSED, name)), json);
  }

  /** As a client's validator finds them: fields that no schema knows are fine. */
  public static Set<String> problemsAsPublished(String schemaName, String json) {
    return problems(
        LOADED_AS_PUBLISHED.computeIfAbsent(schemaName, name -> load(PUBLISHED, name)), json);
  }

  private static Set<String> problems(JsonSchema schema, String json) {
    return schema.validate(json, InputFormat.JSON).stream()
        .map(Object::toString)
        .collect(Collectors.toSet());
  }

  private static JsonSchema load(JsonSchemaFactory factory, String schemaName) {
    Path file = ROOT.resolve(schemaName + ".json");
    assertThat(file).as("a schema for %s", schemaName).exists();
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    return factory.getSchema(SchemaLocation.of(file.toAbsolutePath().toUri().toString()), config);
  }

  private static byte[] closed(String uri) {
    try {
      JsonNode schema = JSON.readTree(Files.readAllBytes(Path.of(URI.create(uri))));
      close(schema);
      return JSON.writeValueAsBytes(schema);
    } catch (IOException e) {
      throw new AssertionError("unreadable schema " + uri, e);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("type").asText().equals("object")
        && object.path("properties").isObject()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(Schemas::close);
  }

  private static String type(String json) {
    try {
      String type = JSON.readTree(json).path("t").asText();
      assertThat(type).as("the type of %s", json).matches("[a-z_]+");
      return type;
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }
}
