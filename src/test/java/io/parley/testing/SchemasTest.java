package io.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check that finds nothing wrong is worth nothing: here it has to. */
class SchemasTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server/ok|{\"t\":\"ok\"}",
        "server/ok|{\"t\":\"ok\",\"re\":\"1\"}",
        "server/ok|{\"t\":\"ok\",\"re\":1,\"extra\":true}",
        "server/caught_up|{\"t\":\"caught_up\",\"conversation\":\"c_AB\",\"seq\":1}",
        "server/events|{\"t\":\"events\",\"conversation\":\"c_ab\",\"events\":[]}",
        "server/inbox|{\"t\":\"inbox\",\"conversations\":[],\"more\":false}",
        "server/error|{\"t\":\"error\",\"code\":\"oops\",\"retryable\":false}",
        "server-frame|{\"t\":\"dance\"}",
        "event|{\"seq\":0,\"kind\":\"delete\",\"by\":\"u_1\",\"at\":1,\"of\":1}",
        "event|{\"seq\":1,\"kind\":\"delete\",\"by\":\"u_1\",\"at\":1,\"of\":1,\"outbox\":1}",
        "event|{\"seq\":1,\"kind\":\"message\",\"by\":\"u_1\",\"at\":1,\"erased\":true,\"text\":\"a\"}",
        "client/hello|{\"t\":\"hello\",\"id\":1,\"cursors\":[[\"c_ab\",1]]}",
        "client/page|{\"t\":\"page\",\"id\":1,\"conversation\":\"c_ab\",\"before\":1,\"after\":1}",
        "client/mark|{\"t\":\"mark\",\"conversation\":\"c_ab\"}",
        "client/send|{\"t\":\"send\",\"id\":1,\"conversation\":\"c_ab\",\"outbox\":1,\"n\":0,\"op\":{\"kind\":\"skip\"}}",
        "http/problem|{\"type\":\"x y\",\"title\":\"\",\"status\":400,\"code\":\"gone\",\"retryable\":false}"
      })
  void whatBreaksASchemaIsFound(String schema, String json) {
    assertThat(Schemas.problems(schema, json)).isNotEmpty();
  }
}
