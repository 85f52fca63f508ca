package io.parley;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.parley.conversation.Conversation;
import io.parley.conversation.Reply;
import io.parley.serialization.NodeMessage;
import io.parley.session.Session;
import io.parley.user.Push;
import io.parley.user.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can check; what a package may see is said here. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.parley");

  /** Each package and the packages of ours that it may see. The root sees all of them. */
  private static final Map<String, Set<String>> MAY_SEE =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("database", Set.of()),
          Map.entry("embedded", Set.of()),
          Map.entry("audit", Set.of()),
          Map.entry(
              "metrics",
              Set.of(
                  "http",
                  "session",
                  "account",
                  "feed",
                  "journal",
                  "database",
                  "audit",
                  "protocol",
                  "model")),
          Map.entry("tls", Set.of()),
          Map.entry("journal", Set.of("database")),
          Map.entry("cluster", Set.of("database", "serialization", "tls")),
          Map.entry("protocol", Set.of("model")),
          Map.entry("serialization", Set.of("model")),
          Map.entry("user", Set.of("protocol", "model", "serialization")),
          Map.entry("conversation", Set.of("model", "serialization")),
          Map.entry("history", Set.of("database", "serialization", "model")),
          Map.entry("search", Set.of("database", "model")),
          Map.entry("account", Set.of("database", "audit", "model")),
          Map.entry("feed", Set.of("database", "serialization", "model")),
          Map.entry("demo", Set.of("session", "account", "model")),
          Map.entry(
              "session", Set.of("conversation", "user", "history", "audit", "protocol", "model")),
          Map.entry(
              "http",
              Set.of(
                  "session",
                  "history",
                  "search",
                  "account",
                  "audit",
                  "protocol",
                  "database",
                  "model")));

  @Test
  void importsGoOneWay() {
    for (Map.Entry<String, Set<String>> entry : MAY_SEE.entrySet()) {
      Set<String> hidden = new TreeSet<>(MAY_SEE.keySet());
      hidden.remove(entry.getKey());
      hidden.removeAll(entry.getValue());
      noClasses()
          .that()
          .resideInAPackage(of(entry.getKey()))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(hidden.stream().map(ArchitectureTest::of).toArray(String[]::new))
                  .or(resideInAnyPackage("io.parley")))
          .allowEmptyShould(true)
          .check(OURS);
    }
  }

  @Test
  void everyPackageHasItsPlaceInTheMap() {
    assertThat(
            OURS.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("io.parley"))
                .map(name -> name.substring("io.parley.".length()).replaceAll("\\..*", "")))
        .isSubsetOf(MAY_SEE.keySet());
  }

  @Test
  void noPackageDependsOnItself() {
    slices().matching("io.parley.(*)..").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void theModelIsFreeOfWhatMayChangeAroundIt() {
    noClasses()
        .that()
        .resideInAPackage(of("model"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.pekko..", "com.fasterxml..", "java.sql..", "io.r2dbc..", "reactor..")
        .check(OURS);
  }

  @Test
  void theWireAndThePersistedFormsKnowNoActors() {
    noClasses()
        .that()
        .resideInAPackage(of("protocol"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.pekko..", "java.sql..", "io.r2dbc..")
        .check(OURS);
  }

  @Test
  void onlyWhatReadsTheDatabaseKnowsItsDriver() {
    noClasses()
        .that()
        .resideInAnyPackage(
            of("user"), of("conversation"), of("session"), of("protocol"), of("serialization"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "io.r2dbc..", "org.postgresql..", "reactor..")
        .check(OURS);
  }

  @Test
  void onlyOnePackageKnowsWhatMetersAreMadeOf() {
    noClasses()
        .that()
        .resideOutsideOfPackage(of("metrics"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .check(OURS);
  }

  @Test
  void namesSayWhatAThingIs() {
    String vague = ".*(Util|Utils|Helper|Manager|Impl|Processor|Common)";
    noClasses().should().haveNameMatching(vague).check(OURS);
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..impl..", "..helper..", "..internal..")
        .check(OURS);
  }

  @Test
  void everythingThatActorsTellEachOtherIsAnImmutableRecord() {
    List<Class<?>> kinds = new ArrayList<>();
    for (Class<?> family :
        List.of(
            Conversation.Command.class,
            Reply.class,
            User.Command.class,
            Push.class,
            Session.Command.class)) {
      kinds.addAll(List.of(family.getPermittedSubclasses()));
    }
    assertThat(kinds).allMatch(Class::isRecord);
    classes()
        .that()
        .areAssignableTo(NodeMessage.class)
        .and()
        .areNotInterfaces()
        .should()
        .beRecords()
        .check(OURS);
  }

  @Test
  void nothingChangeableIsShared() {
    fields()
        .that()
        .areStatic()
        .and(DescribedPredicate.not(synthetic()))
        .should()
        .beFinal()
        .check(OURS);
    fields().that().arePublic().should().beFinal().check(OURS);
  }

  @Test
  void noFileIsLongerThanFourHundredLines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > 400) {
          tooLong.add(file + " has " + lines + " lines");
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndForbidsNull() throws IOException {
    List<Path> silent = new ArrayList<>();
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/io/parley"))) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        Path info = folder.resolve("package-info.java");
        if (Files.notExists(info) || !Files.readString(info).contains("@NullMarked")) {
          silent.add(folder);
        }
      }
    }
    assertThat(silent).isEmpty();
  }

  private static String of(String name) {
    return "io.parley." + name + "..";
  }

  private static DescribedPredicate<JavaField> synthetic() {
    return DescribedPredicate.describe(
        "made by the compiler", field -> field.getName().startsWith("$"));
  }
}
