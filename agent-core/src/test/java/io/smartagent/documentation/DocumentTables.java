package io.smartagent.documentation;

import io.smartagent.config.Option;
import io.smartagent.config.Variables;
import io.smartagent.kernel.capability.Capability;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.module.ModulePlan;
import io.smartagent.modules.container.RuntimePaths;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.HostPath;
import io.smartagent.needs.Source;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Situation;
import io.smartagent.probe.Ability;
import io.smartagent.probe.Blocker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of the documents, in Markdown, from what the program itself reads or decides. */
final class DocumentTables {

  private static final String END = "<!-- end -->";
  private static final Pattern MARKED =
      Pattern.compile("(<!-- generated: ([a-z-]+) -->\\n).*?" + END, Pattern.DOTALL);

  private final List<? extends ModuleDescriptor> catalog;
  private final String packages;

  /**
   * @param catalog the modules that are built
   * @param packages their descriptions by their names
   */
  DocumentTables(List<? extends ModuleDescriptor> catalog, Map<String, String> packages) {
    this.catalog = catalog;
    this.packages =
        table(
            List.of("package", "what it contains"),
            packages.entrySet().stream()
                .map(each -> List.of(code(each.getKey()), each.getValue()))
                .toList());
  }

  /**
   * Returns a table.
   *
   * @throws IllegalArgumentException where there is none of this name
   */
  String table(String name) {
    return switch (name) {
      case "modules" -> modules();
      case "host-access" -> hostAccess();
      case "options" -> options();
      case "capabilities" -> capabilities();
      case "abilities" -> abilities();
      case "runtime-paths" -> runtimePaths();
      case "packages" -> packages;
      default -> throw new IllegalArgumentException("No table is called \"" + name + "\".");
    };
  }

  /** Returns {@code text} with every table that has markers in it written anew. */
  String into(String text) {
    return MARKED
        .matcher(text)
        .replaceAll(
            found -> Matcher.quoteReplacement(found.group(1) + table(found.group(2)) + END));
  }

  private static String table(List<String> header, List<List<String>> rows) {
    return Stream.concat(
            Stream.of(header, header.stream().map(title -> "---").toList()), rows.stream())
        .map(row ->
            row.stream().map(DocumentTables::cell).collect(Collectors.joining(" | ", "| ", " |\n")))
        .collect(Collectors.joining());
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }

  private static String code(@Nullable String text) {
    return text == null || text.isEmpty() ? "" : "`" + text + "`";
  }

  private String modules() {
    List<List<String>> rows = new ArrayList<>();
    for (ModuleDescriptor module : catalog) {
      boolean first = true;
      for (Source source : module.needs().sources()) {
        List<String> needs =
            Stream.concat(
                    source.capabilities().shortNames().stream(),
                    source.abilities().stream().map(Ability::id).sorted().map(DocumentTables::code))
                .toList();
        rows.add(
            List.of(
                first ? code(module.id()) + ": " + module.summary() : "",
                code(source.name()),
                needs.isEmpty() ? "nothing" : String.join(", ", needs),
                source.limitation() == null ? "" : source.limitation()));
        first = false;
      }
    }
    return table(List.of("module", "source", "needs", "what it cannot see"), rows);
  }

  private String hostAccess() {
    List<List<String>> rows = new ArrayList<>();
    for (ModuleDescriptor module : catalog) {
      rows.add(
          List.of(
              code(module.id()),
              opened(module, access -> access.paths().stream().map(DocumentTables::path)),
              opened(
                  module,
                  access ->
                      access.mounts().stream().map(mount -> mount.type() + " at " + mount.path())),
              opened(
                  module,
                  access ->
                      access.sockets().stream()
                          .map(socket -> socket.family() + " " + socket.protocol())),
              opened(module, access -> access.systemCalls().stream())));
    }
    return table(
        List.of("module", "files and directories", "mounts", "sockets", "system calls"), rows);
  }

  /** Those that many modules read are listed once. */
  private static String path(HostPath path) {
    return RuntimePaths.ALL.contains(path.path())
        ? "files of container runtimes"
        : path.path() + (path.writable() ? " (written)" : "");
  }

  private static String runtimePaths() {
    return RuntimePaths.ALL.stream()
        .map(path -> "- " + code(path) + "\n")
        .collect(Collectors.joining());
  }

  /** What not every source opens has the names of those that do. */
  private static String opened(ModuleDescriptor module, Function<HostAccess, Stream<String>> what) {
    Map<String, List<String>> sources = new TreeMap<>();
    for (Source source : module.needs().sources()) {
      what.apply(source.host())
          .distinct()
          .forEach(each ->
              sources.computeIfAbsent(each, key -> new ArrayList<>()).add(code(source.name())));
    }
    int all = module.needs().sources().size();
    return sources.entrySet().stream()
        .map(each ->
            each.getKey()
                + (each.getValue().size() == all
                    ? ""
                    : " (" + String.join(", ", each.getValue()) + ")"))
        .collect(Collectors.joining(", "));
  }

  private String options() {
    List<List<String>> rows =
        Variables.of(catalog).all().stream()
            .map(option ->
                List.of(
                    code(
                        option.flag() == null
                            ? ""
                            : option.flag()
                                + (option.argument() == null ? "" : " " + option.argument())),
                    code(option.variable()),
                    code(option.defaultText()),
                    option.help()))
            .toList();
    return table(List.of("option", "variable", "default", "meaning"), rows);
  }

  private static String abilities() {
    List<List<String>> rows =
        Stream.of(Ability.values())
            .map(ability -> List.of(code(ability.id()), ability.meaning()))
            .toList();
    return table(List.of("ability", "what is tried"), rows);
  }

  /** The planner is asked what becomes of the documented launch without each of them. */
  private String capabilities() {
    List<List<String>> rows = new ArrayList<>();
    for (String name : Situation.DOCUMENTED.shortNames()) {
      Capability capability = Capability.parse(name).orElseThrow();
      rows.add(List.of(code(name), usedBy(capability), lossWithout(capability)));
    }
    return table(List.of("capability", "modules that use it", "lost without it"), rows);
  }

  private String usedBy(Capability capability) {
    return catalog.stream()
        .filter(module ->
            module.needs().sources().stream()
                .anyMatch(source -> source.capabilities().contains(capability)))
        .map(module -> code(module.id()))
        .collect(Collectors.joining(", "));
  }

  private String lossWithout(Capability capability) {
    String usual = loss(situation -> situation, capability);
    StringBuilder losses = new StringBuilder(usual);
    circumstances()
        .forEach((name, change) -> {
          String loss = loss(change, capability);
          if (!loss.equals(usual)) {
            losses.append("; ").append(name).append(": ").append(loss);
          }
        });
    return losses.toString();
  }

  private static Map<String, UnaryOperator<Situation>> circumstances() {
    Map<String, UnaryOperator<Situation>> circumstances = new LinkedHashMap<>();
    circumstances.put(
        "where seccomp blocks pivot_root",
        situation -> situation.blocked(Ability.PIVOT_ROOT, Blocker.SECCOMP));
    circumstances.put(
        "with `SMARTAGENT_NO_REMOUNT_ROOT=true`, which leaves the host unsealed",
        situation -> situation.variable(Option.NO_REMOUNT_ROOT, "true"));
    circumstances.put(
        "where the runtime directory is the user's already",
        situation -> situation.runtime(Situation.directory("/var/lib/bonree", 65534, "runtime")));
    return circumstances;
  }

  private String loss(UnaryOperator<Situation> circumstance, Capability capability) {
    LaunchPlan with = circumstance.apply(new Situation().modules(catalog)).plan();
    LaunchPlan without =
        circumstance.apply(new Situation().modules(catalog)).without(capability).plan();
    if (without.isRefused()) {
      return "does not start";
    }
    List<String> losses = new ArrayList<>();
    if (!with.user().equals(without.user())) {
      losses.add("runs as root");
    }
    for (int i = 0; i < with.modules().size(); i++) {
      ModulePlan module = without.modules().get(i);
      if (!Objects.equals(with.modules().get(i).effect(), module.effect())) {
        losses.add(code(module.id()) + " is " + module.state().id() + ": " + module.effect());
      }
    }
    return losses.isEmpty() ? "nothing" : String.join("; ", losses);
  }
}
