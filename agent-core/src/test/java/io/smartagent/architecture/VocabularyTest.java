package io.smartagent.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Words that no engineer of the field uses are in no name, comment, message or document: {@code
 * vocabulary/excluded.tsv} lists them, each with what to write.
 */
final class VocabularyTest {

  private static final Path REPOSITORY = Path.of("..");
  private static final Path EXCLUDED = Path.of("src/test/resources/vocabulary/excluded.tsv");

  /** Of names in camel case too. */
  private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");

  /** What is between the words of a sentence in comments and in strings that are concatenated. */
  private static final Pattern BETWEEN = Pattern.compile("[\\s*/\"+#]+");

  private static final Set<String> OTHER_DIRECTORIES = Set.of("target", ".git", "resources");

  /** Packages whose words have yet to be changed. Nothing may be added here. */
  private static final Set<String> UNCHANGED_PACKAGES =
      Set.of("agent", "kernel", "module", "modules");

  /** Documents that are generated from them, in part. */
  private static final Set<String> UNCHANGED_DOCUMENTS =
      Set.of(
          "ARCHITECTURE.md",
          "CAPABILITIES.md",
          "MODULES.md",
          "OPTIONS.md",
          "TELEMETRY.md",
          "needs.yaml");

  private static final Map<String, String> WORDS = new TreeMap<>();
  private static final Map<String, String> PHRASES = new TreeMap<>();

  @BeforeAll
  static void readVocabulary() throws IOException {
    for (String line : Files.readAllLines(EXCLUDED)) {
      if (!line.startsWith("#")) {
        String[] columns = line.split("\t", -1);
        (columns[0].contains(" ") ? PHRASES : WORDS).put(columns[0], columns[1]);
      }
    }
  }

  @Test
  void sourcesAndDocumentsUseTheWordsOfTheField() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      try {
        String text = Files.readString(file);
        addWords(file, text, found);
        addPhrases(file, text, found);
      } catch (CharacterCodingException binary) {
        // It has no words.
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void findsWordsInNamesAndPhrasesOverLineBreaks() {
    List<String> found = new ArrayList<>();

    addWords(Path.of("A.java"), "int a;\nboolean isTold() {", found);
    addPhrases(Path.of("B.java"), "a \"is not\"\n        + \" to be had\" b", found);

    assertThat(found)
        .containsExactly(
            "A.java:2: \"told\"; write: reported",
            "B.java: \"is not to be had\"; write: is not available");
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isExcluded(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()
                && !file.endsWith("LICENSE")
                && !UNCHANGED_DOCUMENTS.contains(file.getFileName().toString())
                && !file.endsWith("VocabularyTest.java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  private static boolean isExcluded(Path directory) {
    String name = directory.getFileName().toString();
    return OTHER_DIRECTORIES.contains(name)
        || (UNCHANGED_PACKAGES.contains(name) && directory.endsWith(Path.of("smartagent", name)));
  }

  private static void addWords(Path file, String text, List<String> found) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      Matcher words = WORD.matcher(line);
      while (words.find()) {
        String word = words.group().toLowerCase(Locale.ROOT);
        if (WORDS.containsKey(word)) {
          found.add(file + ":" + number + ": " + message(word, WORDS));
        }
      }
    }
  }

  private static void addPhrases(Path file, String text, List<String> found) {
    String prose = BETWEEN.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ");
    for (String phrase : PHRASES.keySet()) {
      if (prose.contains(phrase)) {
        found.add(file + ": " + message(phrase, PHRASES));
      }
    }
  }

  private static String message(String word, Map<String, String> vocabulary) {
    return '"' + word + "\"; write: " + vocabulary.get(word);
  }
}
