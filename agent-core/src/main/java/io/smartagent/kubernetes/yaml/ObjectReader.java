package io.smartagent.kubernetes.yaml;

import io.smartagent.kubernetes.yaml.Events.Kind;
import io.smartagent.kubernetes.yaml.Events.Token;
import io.smartagent.kubernetes.yaml.ManifestNode.Mapping;
import io.smartagent.kubernetes.yaml.ManifestNode.Scalar;
import io.smartagent.kubernetes.yaml.ManifestNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds objects from what a parser finds. The items of a list are given away one by one, so that
 * only one of them is in memory, and only the fields about how an object runs are kept. An object
 * with anything wrong in it is reported, and not passed on.
 */
final class ObjectReader {

  /** How deep values may be nested. Schemas of custom resources get to about a hundred. */
  static final int DEPTH_LIMIT = 250;

  /** How many values an object may keep, those of its aliases counted each time. */
  static final int VALUES_LIMIT = 200_000;

  private static final int PROBLEMS_LIMIT = 10;

  private static final Set<String> KEPT =
      Set.of("apiVersion", "kind", "metadata", "spec", "template");

  private static final String ITEMS = "items";
  private static final String MANAGED_FIELDS = "managedFields";
  private static final String MERGE = "<<";

  private final String source;
  private final Events events;
  private final DocumentSplitter splitter;
  private final ManifestSink sink;

  /** The values of aliases in this document; null where the value has not ended yet. */
  private final Map<String, @Nullable Anchored> anchors = new HashMap<>();

  private List<ManifestProblem> problems = new ArrayList<>();
  private int values;
  private int remembered;

  /** A value with a name, and how many values are in it where every alias is followed. */
  private record Anchored(ManifestNode node, int values) {}

  ObjectReader(String source, Events events, DocumentSplitter splitter, ManifestSink sink) {
    this.source = source;
    this.events = events;
    this.splitter = splitter;
    this.sink = sink;
  }

  /**
   * Reads to the end.
   *
   * @throws InvalidManifest where the parser can read no further
   */
  void readAll() throws IOException {
    try {
      for (Token found = next(); found.kind() != Kind.END; found = next()) {
        anchors.clear();
        remembered = 0;
        root(found, "", "The document");
      }
    } finally {
      problems.forEach(sink::problem);
    }
  }

  private Token next() throws IOException {
    Token found = events.next();
    splitter.eventFound();
    return found;
  }

  private void root(Token found, String listKind, String subject) throws IOException {
    if (found.kind() == Kind.MAPPING_START) {
      object(found, listKind);
      return;
    }
    int line = found.line();
    ManifestNode node = value(found, 1, true);
    boolean empty = node instanceof Scalar scalar && scalar.isNull();
    if (node instanceof Mapping mapping && problems.isEmpty()) {
      give(kindOf(mapping, listKind), mapping, false);
    } else if (!empty || !listKind.isEmpty()) {
      problem(
          line,
          subject + " is " + node.what() + ", and not an object of Kubernetes.",
          "Write a map with apiVersion, kind and metadata.");
    }
    endObject();
  }

  private void object(Token found, String listKind) throws IOException {
    List<ManifestProblem> outer = problems;
    problems = new ArrayList<>();
    values = 0;
    int line = found.line();
    String anchor = found.anchor();
    Map<String, ManifestNode> fields = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    boolean list = false;
    for (Token key = next(); key.kind() != Kind.MAPPING_END; key = next()) {
      String name = name(key, names, line, 1, true);
      Token value = next();
      if (ITEMS.equals(name) && value.kind() == Kind.SEQUENCE_START) {
        list = true;
        items(kindOf(new Mapping(fields, line), listKind));
      } else {
        boolean kept = isKept(name) || anchor != null;
        ManifestNode node = value(value, 1, kept);
        if (kept) {
          keep(fields, name, node);
        }
      }
    }
    Mapping mapping = new Mapping(fields, line);
    if (anchor != null) {
      remember(anchor, new Anchored(mapping, values), line);
    }
    if (problems.isEmpty()) {
      give(kindOf(mapping, listKind), mapping, list);
    }
    endObject();
    problems = outer;
  }

  private static boolean isKept(@Nullable String name) {
    return name != null && (KEPT.contains(name) || name.equals(MERGE));
  }

  private void items(String kindOfList) throws IOException {
    String kind =
        kindOfList.endsWith("List") ? kindOfList.substring(0, kindOfList.length() - 4) : kindOfList;
    int index = 0;
    int outer = values;
    for (Token found = next(); found.kind() != Kind.SEQUENCE_END; found = next()) {
      // A list of lists has items too; what it is called is of no use then.
      root(found, kind.isEmpty() ? " " : kind, "items[" + index + "]");
      index++;
    }
    values = outer;
  }

  private void give(String kind, Mapping fields, boolean list) {
    sink.object(new ManifestObject(source, kind.strip(), fields, list));
  }

  private static String kindOf(Mapping fields, String otherwise) {
    return fields.fields().get("kind") instanceof Scalar kind && !kind.isNull()
        ? kind.text()
        : otherwise;
  }

  private void endObject() {
    problems.forEach(sink::problem);
    problems.clear();
    values = 0;
  }

  /** Returns the name of a field; null where it cannot be one. */
  private @Nullable String name(
      Token found, Set<String> names, int mapLine, int depth, boolean kept) throws IOException {
    int line = found.line();
    ManifestNode node = value(found, depth + 1, kept);
    if (!(node instanceof Scalar scalar)) {
      problem(line, "The name of a field is " + node.what() + ".", templateRemedy());
      return null;
    }
    if (names.size() >= VALUES_LIMIT) {
      if (names.add("")) {
        problem(
            line,
            "A map has more than " + VALUES_LIMIT + " fields.",
            "No object of Kubernetes has: correct the manifest.");
      }
      return null;
    }
    if (!names.add(scalar.text()) && !scalar.text().equals(MERGE)) {
      problem(
          line,
          "The field \""
              + scalar.text()
              + "\" occurs twice in the map that begins in line "
              + mapLine
              + ".",
          "Remove one of them: programs differ in which one they take.");
    }
    return scalar.text();
  }

  private String templateRemedy() {
    int template = splitter.templateLine();
    return template > 0
        ? ManifestReader.templateRemedy(template)
        : "Write a text: objects of Kubernetes have no other names.";
  }

  private ManifestNode value(Token found, int depth, boolean kept) throws IOException {
    int line = found.line();
    return switch (found.kind()) {
      case SCALAR -> scalar(found, kept);
      case ALIAS -> alias(found, kept);
      case MAPPING_START, SEQUENCE_START -> {
        if (depth >= DEPTH_LIMIT) {
          throw new InvalidManifest(
              line,
              "Values are nested more than " + DEPTH_LIMIT + " levels deep.",
              "No object of Kubernetes is: correct the manifest.");
        }
        yield collection(found, depth, kept);
      }
      case MAPPING_END, SEQUENCE_END, END ->
          throw new InvalidManifest(line, "It ends too early.", "Correct it.");
    };
  }

  private ManifestNode scalar(Token found, boolean kept) {
    int line = found.line();
    String anchor = found.anchor();
    Scalar scalar = new Scalar(found.text(), found.plain(), line);
    count(1, line, kept);
    if (anchor != null) {
      remember(anchor, new Anchored(scalar, 1), line);
    }
    return scalar;
  }

  /** Remembers the value of an anchor, which is in memory up to the document's end. */
  private void remember(String anchor, Anchored anchored, int line) {
    boolean few = remembered <= VALUES_LIMIT;
    remembered = sum(remembered, anchored.values());
    if (remembered <= VALUES_LIMIT) {
      anchors.put(anchor, anchored);
    } else if (few) {
      problem(
          line,
          "Aliases of the document expand to more than " + VALUES_LIMIT + " values.",
          "Write no aliases of aliases, and no anchors that no alias needs.");
    }
  }

  private ManifestNode collection(Token found, int depth, boolean kept) throws IOException {
    int line = found.line();
    String anchor = found.anchor();
    boolean keepsIt = kept || anchor != null;
    int before = values;
    if (anchor != null && remembered <= VALUES_LIMIT) {
      anchors.put(anchor, null);
    }
    ManifestNode node =
        found.kind() == Kind.MAPPING_START
            ? mapping(line, depth, keepsIt)
            : sequence(line, depth, keepsIt);
    count(1, line, keepsIt);
    if (anchor != null) {
      remember(anchor, new Anchored(node, values - before), line);
    }
    return node;
  }

  private Mapping mapping(int line, int depth, boolean kept) throws IOException {
    Map<String, ManifestNode> fields = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (Token found = next(); found.kind() != Kind.MAPPING_END; found = next()) {
      String name = name(found, names, line, depth, kept);
      boolean keptField = kept && !(depth == 1 && MANAGED_FIELDS.equals(name));
      ManifestNode value = value(next(), depth + 1, keptField);
      if (keptField) {
        keep(fields, name, value);
      }
    }
    return new Mapping(fields, line);
  }

  /** Keeps a field; those of {@code <<} unless they are overridden. */
  private void keep(Map<String, ManifestNode> fields, @Nullable String name, ManifestNode value) {
    if (name == null || values > VALUES_LIMIT) {
      return;
    }
    if (!name.equals(MERGE)) {
      fields.put(name, value);
    } else if (value instanceof Mapping merged) {
      merged.fields().forEach(fields::putIfAbsent);
    } else if (value instanceof Sequence all) {
      for (ManifestNode each : all.items()) {
        keep(fields, name, each);
      }
    }
  }

  private Sequence sequence(int line, int depth, boolean kept) throws IOException {
    List<ManifestNode> items = new ArrayList<>();
    for (Token found = next(); found.kind() != Kind.SEQUENCE_END; found = next()) {
      ManifestNode item = value(found, depth + 1, kept);
      if (kept && values <= VALUES_LIMIT) {
        items.add(item);
      }
    }
    return new Sequence(items, line);
  }

  private ManifestNode alias(Token found, boolean kept) {
    int line = found.line();
    String name = found.text();
    Anchored anchored = anchors.get(name);
    if (anchored == null && remembered > VALUES_LIMIT) {
      // Its value may have been too large to remember, which was reported.
      return nothing(line);
    }
    if (anchored == null) {
      problem(
          line,
          anchors.containsKey(name)
              ? "The alias *" + name + " refers to a node that contains it."
              : "The alias *" + name + " has no anchor &" + name + " before it.",
          "Write out what is meant.");
      return nothing(line);
    }
    count(anchored.values(), line, kept);
    return anchored.node();
  }

  private void count(int more, int line, boolean kept) {
    if (!kept) {
      return;
    }
    boolean few = values <= VALUES_LIMIT;
    values = sum(values, more);
    if (few && values > VALUES_LIMIT) {
      problem(
          line,
          "An object has more than " + VALUES_LIMIT + " values, those of its aliases counted.",
          "The API server takes no such object: split it, or write no aliases of aliases.");
    }
  }

  private static int sum(int some, int more) {
    return (int) Math.min((long) some + more, Integer.MAX_VALUE);
  }

  private static Scalar nothing(int line) {
    return new Scalar("", true, line);
  }

  private void problem(int line, String fault, String remedy) {
    if (problems.size() < PROBLEMS_LIMIT) {
      problems.add(new ManifestProblem(source, line, fault, remedy));
    }
  }
}
