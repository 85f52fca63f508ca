package io.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EjabberdPackageTest {
  private static void install(Path root, String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private static void installAllButTheDriver(Path root) throws IOException {
    install(
        root,
        "usr/sbin/ejabberdctl",
        "#!/bin/sh\nERL_LIBS='%s'\nexport ERL_LIBS\n".formatted(root.resolve("usr/lib/any")));
    install(root, "usr/share/ejabberd/sql/pg.sql", "CREATE TABLE archive ();");
    install(root, "usr/share/ejabberd/ejabberd.yml.example", "modules:");
    install(root, "usr/bin/erl", "");
  }

  @Test
  void aMachineWithoutItIsToldWhatToInstall(@TempDir Path root) {
    assertThat(new EjabberdPackage(root).missing().orElseThrow())
        .startsWith("ejabberd isn't measured: this machine has no /usr/sbin/ejabberdctl")
        .contains(
            "pg.sql",
            "/usr/share/ejabberd/ejabberd.yml.example",
            "erl (the Erlang VM)",
            "p1_pgsql-*")
        .contains("apt-get install --no-install-recommends ejabberd erlang-p1-pgsql");
  }

  @Test
  void theDriverAloneMayBeMissing(@TempDir Path root) throws IOException {
    installAllButTheDriver(root);
    assertThat(new EjabberdPackage(root).missing().orElseThrow())
        .contains("has no driver of it for PostgreSQL")
        .doesNotContain("/usr/sbin/ejabberdctl", "pg.sql", "the Erlang VM");
  }

  @Test
  void itsLibrariesAreWhereItsOwnScriptSays(@TempDir Path root) throws IOException {
    installAllButTheDriver(root);
    Files.createDirectories(root.resolve("usr/lib/any/p1_pgsql-1.1.20"));
    EjabberdPackage installed = new EjabberdPackage(root);
    assertThat(installed.missing()).isEmpty();
    assertThat(installed.libraries()).isEqualTo(root.resolve("usr/lib/any").toString());
    assertThat(installed.schema()).contains("archive");
    assertThat(installed.example()).isEqualTo("modules:");
    assertThat(installed.erl()).isEqualTo(root.resolve("usr/bin/erl"));
  }
}
