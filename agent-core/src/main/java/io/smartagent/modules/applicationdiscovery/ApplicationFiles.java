package io.smartagent.modules.applicationdiscovery;

import io.smartagent.json.JsonTree;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.applicationdiscovery.Software.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the files of a program for its language and versions: at the executable, at what lies
 * beside it, and at what a language's runtime runs. A process is asked once, and reads are bounded.
 * Any of them may hang, so this runs on a thread that can be left behind: it is called by one
 * thread at a time, but not always by the same.
 */
final class ApplicationFiles {

  private static final int SMALL = 65_536;

  /** Of .NET's list of dependencies; a larger one is not worth its memory. */
  private static final int LIST = 262_144;

  /** From a script up to its package's root. */
  private static final int LEVELS = 6;

  private static final int BUILDS_REMEMBERED = 256;

  private static final Pattern JAVA_VERSION =
      Pattern.compile("^JAVA_VERSION=\"?([^\"\n]+)\"?$", Pattern.MULTILINE);

  private static final Pattern START_ERL = Pattern.compile("\\s*\\S+\\s+(\\S+)\\s*");

  private static final JsonTree NO_JSON = nothing();

  private final Filesystem files;
  private final PackageDatabase installed = new PackageDatabase();

  /** By the file: many processes run the same. Of several threads only one is at it. */
  private final Map<Map<String, Object>, ExecutableBuild> builds =
      BoundedMap.ofRecentlyUsed(BUILDS_REMEMBERED);

  /**
   * A program whose files are looked at.
   *
   * @param directory /proc/PID
   * @param executable its path in the process's root; null where it is unknown
   * @param environment the versions in it
   */
  record Program(
      String directory,
      Software software,
      @Nullable String executable,
      CommandLine commandLine,
      Environment environment) {}

  ApplicationFiles(Filesystem files) {
    this.files = files;
  }

  /** Returns all that is known of the program when its files have been looked at. */
  Details inspect(Program program) {
    Software software = program.software();
    if (software.role() == Role.INIT || software.role() == Role.PLUMBING) {
      return new Details(software, null, null);
    }
    ExecutableBuild build =
        software.language() == null || software.language() == Language.GO
            ? build(program.directory() + "/exe")
            : ExecutableBuild.NONE;
    software = software.writtenIn(build.language(), build.entryPoint());
    try (ProcessRoot root = ProcessRoot.open(files, program.directory() + "/root")) {
      return inRoot(root, program, software, build);
    } catch (ErrnoException endedOrDenied) {
      return merge(program, software, build.version(), build.languageVersion(), null);
    }
  }

  private Details inRoot(ProcessRoot root, Program program, Software known, ExecutableBuild build) {
    Software software = known;
    if (software.language() == null && hasRuntimeConfiguration(root, program.executable())) {
      software = software.writtenIn(Language.DOTNET, program.executable() + ".dll");
    }
    Version version = build.version();
    Version languageVersion = build.languageVersion();
    Language language = software.language();
    if (language != null) {
      switch (language) {
        case JAVA -> {
          version = javaVersion(root, program, software);
          languageVersion = jvm(root, program.executable());
        }
        case NODE, BUN, DENO -> {
          version = software.product() == null ? packageVersion(root, program) : null;
        }
        case DOTNET -> {
          String assembly = assembly(program, software);
          version = assembly == null ? null : dependencies(root, assembly);
          languageVersion = assembly == null ? null : framework(root, assembly);
        }
        case ERLANG, ELIXIR -> languageVersion = otp(root, program.commandLine().options());
        case C, CPP, GO, PERL, PHP, PYTHON, RUBY, RUST -> {
          // What tells a version is in the executable, or it is the package manager.
        }
      }
    }
    return merge(program, software, version, languageVersion, root);
  }

  /** The program's own files first; what it has inherited, or others say of it, after them. */
  private Details merge(
      Program program,
      Software software,
      @Nullable Version own,
      @Nullable Version ownLanguage,
      @Nullable ProcessRoot root) {
    Details told = Details.ofCommandLine(software, program.executable(), program.commandLine());
    return new Details(
        software,
        best(program, software.productClues(), own, told.version(), root),
        best(program, software.languageClues(), ownLanguage, told.languageVersion(), root));
  }

  private @Nullable Version best(
      Program program,
      VersionClues clues,
      @Nullable Version own,
      @Nullable Version told,
      @Nullable ProcessRoot root) {
    if (own != null) {
      return own;
    }
    Version inEnvironment =
        program.environment().version(clues.variables(), clues.inPath(program.executable()));
    Version known = Version.first(inEnvironment, told);
    // A path has the major version only, and what is not in /usr is no package's.
    boolean incomplete = known == null || known.origin() == Version.Origin.PATH;
    Pattern packages = clues.packages();
    String executable = program.executable();
    Version inPackages =
        incomplete
                && packages != null
                && root != null
                && executable != null
                && executable.startsWith("/usr/")
                && !executable.startsWith("/usr/local/")
            ? installed.version(root, packages)
            : null;
    return Version.first(inPackages, known);
  }

  private ExecutableBuild build(String link) {
    Path path = Path.of(link);
    try {
      Map<String, Object> file = Files.readAttributes(path, "unix:dev,ino,size,lastModifiedTime");
      synchronized (builds) {
        ExecutableBuild known = builds.get(file);
        if (known != null) {
          return known;
        }
      }
      ExecutableBuild build = ExecutableBuild.read(path);
      synchronized (builds) {
        builds.put(Map.copyOf(file), build);
      }
      return build;
    } catch (IOException ended) {
      return ExecutableBuild.NONE;
    }
  }

  /** A JDK has the file above {@code bin}, and a JRE within Java 8's above {@code jre/bin}. */
  private static @Nullable Version jvm(ProcessRoot root, @Nullable String executable) {
    String directory = executable == null ? "" : parent(parent(executable));
    for (int i = 0; i < 2 && !directory.isEmpty(); i++) {
      String release = text(root.read(directory + "/release", SMALL));
      Matcher matcher = JAVA_VERSION.matcher(release);
      if (matcher.find()) {
        return Version.of(matcher.group(1), Version.Origin.RELEASE);
      }
      directory = parent(directory);
    }
    return null;
  }

  private @Nullable Version javaVersion(ProcessRoot root, Program program, Software software) {
    String working = workingDirectory(program.directory());
    return JavaArchives.version(root, working, software, program.commandLine());
  }

  private @Nullable Version packageVersion(ProcessRoot root, Program program) {
    String script = program.software().entryPoint();
    if (script == null || script.contains("://")) {
      return null;
    }
    String directory = parent(absolute(script, program.directory()));
    for (int i = 0; i < LEVELS; i++) {
      byte[] content = root.read(directory + "/package.json", SMALL);
      if (content != null) {
        return Version.of(json(content).get("version").textOrNull(), Version.Origin.PACKAGE_JSON);
      }
      if (directory.isEmpty()) {
        return null;
      }
      directory = parent(directory);
    }
    return null;
  }

  private @Nullable String assembly(Program program, Software software) {
    String entry = software.entryPoint();
    return entry != null && entry.endsWith(".dll")
        ? absolute(entry.substring(0, entry.length() - ".dll".length()), program.directory())
        : null;
  }

  private static boolean hasRuntimeConfiguration(ProcessRoot root, @Nullable String executable) {
    return executable != null && root.read(executable + ".runtimeconfig.json", 1) != null;
  }

  /** The application is one of the libraries that it consists of: {@code "Web/1.2.0"}. */
  private static @Nullable Version dependencies(ProcessRoot root, String assembly) {
    String name = assembly.substring(assembly.lastIndexOf('/') + 1) + "/";
    for (String library : json(root.read(assembly + ".deps.json", LIST)).get("libraries").names()) {
      if (library.startsWith(name)) {
        return Version.of(library.substring(name.length()), Version.Origin.DOTNET_JSON);
      }
    }
    return null;
  }

  private static @Nullable Version framework(ProcessRoot root, String assembly) {
    JsonTree options =
        json(root.read(assembly + ".runtimeconfig.json", SMALL)).get("runtimeOptions");
    String version = options.get("framework").get("version").textOrNull();
    for (JsonTree each : options.get("frameworks").items()) {
      version = version == null ? each.get("version").textOrNull() : version;
    }
    return Version.of(version, Version.Origin.DOTNET_JSON);
  }

  private static @Nullable Version otp(ProcessRoot root, List<String> options) {
    int at = options.indexOf("-root");
    if (at < 0 || at + 1 >= options.size()) {
      return null;
    }
    String releases = options.get(at + 1) + "/releases/";
    Matcher release = START_ERL.matcher(text(root.read(releases + "start_erl.data", SMALL)));
    if (!release.matches()) {
      return null;
    }
    String exact =
        release.group(1).contains("/")
            ? ""
            : text(root.read(releases + release.group(1) + "/OTP_VERSION", SMALL)).strip();
    return Version.first(
        Version.of(exact, Version.Origin.RELEASE),
        Version.of(release.group(1), Version.Origin.RELEASE));
  }

  private String absolute(String path, String process) {
    return path.startsWith("/") ? path : workingDirectory(process) + "/" + path;
  }

  private String workingDirectory(String process) {
    try {
      return files.readLink(process + "/cwd");
    } catch (ErrnoException endedOrDenied) {
      return "";
    }
  }

  private static JsonTree json(byte @Nullable [] content) {
    try {
      return JsonTree.parse(content == null ? new byte[0] : content);
    } catch (IOException noJson) {
      return NO_JSON;
    }
  }

  private static JsonTree nothing() {
    try {
      return JsonTree.parse("null".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte @Nullable [] content) {
    return content == null ? "" : new String(content, StandardCharsets.UTF_8);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
