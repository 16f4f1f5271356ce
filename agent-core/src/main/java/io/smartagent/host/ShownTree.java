package io.smartagent.host;

import io.smartagent.host.MinimalFacts.MissingCommand;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.file.FileStatus;
import io.smartagent.kernel.file.FileType;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.mount.MountTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Looks for programs in a virtual root before there is one: a link is followed as the agent will
 * follow it, from the root that it will have, through what is shown there.
 */
public final class ShownTree {

  /** path_resolution(7): what the kernel follows before ELOOP. */
  private static final int LINKS = 40;

  private static final int ANY_EXECUTE = 0111;
  private static final String ABSENT = "is not there";

  /** Where installers, and the host's own programs, look. */
  private static final List<String> COMMANDS = List.of("/bin", "/sbin", "/usr/bin", "/usr/sbin");

  private final Filesystem files;
  private final Descriptor root;
  private final List<ShownEntry> shown;

  private ShownTree(Filesystem files, Descriptor root, List<ShownEntry> shown) {
    this.files = files;
    this.root = root;
    this.shown = shown;
  }

  /** Why a path is no program that can be run; both are empty where it is one. */
  private record Answer(String fault, String notShown, boolean behindLink) {

    private static final Answer FOUND = new Answer("", "", false);
  }

  /**
   * Returns those of {@code commands} that no directory of programs has.
   *
   * @throws ErrnoException where that cannot be opened
   */
  public static List<MissingCommand> missing(
      HostFiles host, List<ShownEntry> shown, List<String> commands) throws ErrnoException {
    List<MissingCommand> missing = new ArrayList<>();
    try (Descriptor root = host.files().openDirectory(host.mountPoint())) {
      ShownTree tree = new ShownTree(host.files(), root, shown);
      List<String> directories = tree.directories();
      for (String command : commands) {
        tree.missing(command, directories).ifPresent(missing::add);
      }
    }
    return missing;
  }

  /**
   * Returns what a program is, which is named by its absolute path or, as in a shell, by its name
   * alone.
   *
   * @throws ErrnoException where that cannot be opened
   */
  public static ProgramFacts program(HostFiles host, List<ShownEntry> shown, String name)
      throws ErrnoException {
    try (Descriptor root = host.files().openDirectory(host.mountPoint())) {
      return new ShownTree(host.files(), root, shown).program(name);
    }
  }

  private ProgramFacts program(String name) {
    if (name.contains("/")) {
      Answer answer = executable(name);
      return new ProgramFacts(name, answer.fault().isEmpty() ? name : "", answer.fault());
    }
    List<String> directories = directories();
    for (String directory : directories) {
      if (executable(directory + "/" + name).fault().isEmpty()) {
        return new ProgramFacts(name, directory + "/" + name, "");
      }
    }
    return new ProgramFacts(
        name,
        "",
        "is not in " + String.join(", ", directories) + " of what mode minimal shows of the host");
  }

  private List<String> directories() {
    return COMMANDS.stream().filter(directory -> sourceOf(directory).isPresent()).toList();
  }

  private Optional<MissingCommand> missing(String command, List<String> directories) {
    List<String> faults = new ArrayList<>();
    String notShown = "";
    for (String directory : directories) {
      String path = directory + "/" + command;
      Answer answer = executable(path);
      if (answer.fault().isEmpty()) {
        return Optional.empty();
      }
      if (answer.behindLink() || !answer.fault().equals(ABSENT)) {
        faults.add("\"" + path + "\" " + answer.fault());
        notShown = notShown.isEmpty() ? answer.notShown() : notShown;
      }
    }
    String fault =
        faults.isEmpty()
            ? "is not in " + String.join(", ", directories)
            : String.join("; ", faults);
    return Optional.of(new MissingCommand(command, fault, notShown));
  }

  /** Follows {@code path} component by component, as path_resolution(7) says. */
  private Answer executable(String path) {
    if (!path.startsWith("/")) {
      return new Answer("is not an absolute path of the host", "", false);
    }
    Deque<String> ahead = new ArrayDeque<>(components(path));
    String here = "";
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.removeFirst();
      if (name.equals(".") || name.equals("..")) {
        here = name.equals(".") ? here : here.substring(0, Math.max(0, here.lastIndexOf('/')));
        continue;
      }
      String next = here + "/" + name;
      String whole = ahead.isEmpty() ? next : next + "/" + String.join("/", ahead);
      Optional<String> source = sourceOf(next);
      if (source.isEmpty()) {
        if (!isAboveAnEntry(next)) {
          return answer(links, whole, "is not shown", whole);
        }
        here = next;
        continue;
      }
      try (Descriptor file = locate(next, source.get())) {
        FileStatus status = files.status(file);
        if (status.type() == FileType.SYMBOLIC_LINK) {
          if (++links > LINKS) {
            return new Answer("leads through more than " + LINKS + " links", "", true);
          }
          String target = files.readLink(file);
          here = target.startsWith("/") ? "" : here;
          components(target).reversed().forEach(ahead::addFirst);
          continue;
        }
        if (ahead.isEmpty()) {
          return faultOf(status).isEmpty()
              ? Answer.FOUND
              : answer(links, whole, faultOf(status), "");
        }
        if (!status.isDirectory()) {
          return answer(links, whole, "leads through a file", "");
        }
        here = next;
      } catch (ErrnoException e) {
        String fault =
            e.errno() == Errno.ENOENT ? ABSENT : "cannot be reached (" + e.getMessage() + ")";
        return answer(links, whole, fault, "");
      }
    }
    return answer(links, here.isEmpty() ? "/" : here, "is a directory", "");
  }

  private static Answer answer(int links, String at, String fault, String notShown) {
    return links == 0
        ? new Answer(fault, notShown, false)
        : new Answer("leads to \"" + at + "\", which " + fault, notShown, true);
  }

  private static String faultOf(FileStatus status) {
    if (status.isDirectory()) {
      return "is a directory";
    }
    if (status.type() != FileType.REGULAR) {
      return "is no file";
    }
    return (status.permissions() & ANY_EXECUTE) == 0 ? "is not executable" : "";
  }

  /** What is shown is never a link itself, whatever it is on the host. */
  private Descriptor locate(String path, String source) throws ErrnoException {
    boolean entry = shown.stream().anyMatch(shownEntry -> shownEntry.path().equals(path));
    return entry ? files.locateInRoot(root, source) : files.locateLinkInRoot(root, source);
  }

  private Optional<String> sourceOf(String path) {
    for (ShownEntry entry : shown) {
      if (MountTable.isAtOrBelow(path, entry.path())) {
        return Optional.of(entry.source() + path.substring(entry.path().length()));
      }
    }
    return Optional.empty();
  }

  private boolean isAboveAnEntry(String path) {
    return shown.stream().anyMatch(entry -> MountTable.isAtOrBelow(entry.path(), path));
  }

  private static List<String> components(String path) {
    return List.of(path.split("/", -1)).stream().filter(name -> !name.isEmpty()).toList();
  }
}
