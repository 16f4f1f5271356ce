package io.smartagent.modules.applicationdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.kernel.net.ProcessEvent.Exec;
import io.smartagent.kernel.net.ProcessEvent.Exit;
import io.smartagent.kernel.net.ProcessEvent.Fork;
import io.smartagent.module.Event;
import io.smartagent.modules.TestModuleContext;
import io.smartagent.modules.TestModuleContext.Happening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is looked at while it executes a program, or that executes another one later. */
final class ExecutingProcessesTest {

  private static final String FULL = ApplicationDiscoveryDefinition.PROC_FULL;
  private static final String PUBLIC = ApplicationDiscoveryDefinition.PROC_PUBLIC;
  private static final String EVENTS = ApplicationDiscoveryDefinition.PROC_EVENTS;

  /** The machine has run for 1000 seconds; this process has just been forked. */
  private static final long YOUNG = 100_001;

  private static final long OLD = 100;

  private static final long FIRST = 140_734_565_722_974L;
  private static final long SECOND = 140_721_118_553_799L;

  private final NewsKernel kernel = new NewsKernel();

  @TempDir private Path root;

  @BeforeEach
  void makeAHost() throws IOException {
    uptime(1000);
    process(1, "systemd").executable("/usr/lib/systemd/systemd").parent(0).make();
  }

  /** JUnit warns of links that lead out of the directory that it removes. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "python3"})
  void waitsForTheCommandLineThatExecveSetsLast(String comm) throws Exception {
    process(20, comm).executable("/usr/bin/python3").startTicks(YOUNG).executing().make();

    List<Event> events = scan(FULL, () -> python(FIRST, "job.py").make());

    assertThat(of(events)).containsExactly("ApplicationStarted job.py");
  }

  @Test
  void waitsForTheEventOfAProgramThatIsBeingExecuted() throws Exception {
    kernel.news(() -> {
      // The event is of a shell, which executes Python already when the event is handled.
      process(20, "sh").executable("/usr/bin/python3").startTicks(YOUNG).executing().make();
      return List.of(new Fork(20, 9, 1), new Exec(20, 2));
    });
    kernel.news(() -> {
      python(FIRST, "job.py").make();
      return List.of(new Exec(20, 3));
    });

    assertThat(of(listen(2))).containsExactly("ApplicationStarted job.py");
  }

  @Test
  void reportsOnceWhatALookHasFoundBeforeTheEvent() throws Exception {
    kernel.news(() -> {
      python(FIRST, "job.py").make();
      return List.of(new Exec(20, 2));
    });
    kernel.news(() -> {
      process(20, "job: worker")
          .executable("/usr/bin/python3")
          .arguments("job: worker")
          .startTicks(YOUNG)
          .image(FIRST)
          .make();
      return List.of(new Exec(20, 3));
    });

    assertThat(of(listen(2))).containsExactly("ApplicationStarted job.py");
  }

  @ParameterizedTest
  @CsvSource({
    "proc-full, stat", "proc-full, exe", "proc-full, comm", "proc-full, status",
    "proc-full, cgroup", "proc-events, stat", "proc-events, exe", "proc-events, comm",
    "proc-events, status", "proc-events, cgroup"
  })
  void mixesNoTwoPrograms(String source, String file) throws Exception {
    Happening executes = () -> node(SECOND, "server.js").make();

    List<Event> events;
    if (source.equals(EVENTS)) {
      kernel.news(() -> {
        python(FIRST, "job.py").make();
        kernel.after("/20/" + file, executes);
        return List.of(new Exec(20, 2));
      });
      kernel.news(() -> List.of(new Exec(20, 3)));
      events = listen(2);
    } else {
      python(FIRST, "job.py").make();
      kernel.after("/20/" + file, executes);
      events = scan(source);
    }

    assertThat(of(events)).containsExactly("ApplicationStarted server.js");
    assertThat(events.getFirst().attributes())
        .containsEntry("language", "Node.js")
        .containsEntry("executable", "/usr/bin/node")
        .containsEntry("commandLine", List.of("node", "server.js"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stat", "exe", "comm", "status", "cgroup"})
  void mixesNoTwoProgramsWhoseImagesAreHidden(String file) throws Exception {
    process(20, "python3")
        .executable("/usr/bin/python3")
        .arguments("python3", "job.py")
        .startTicks(OLD)
        .make();
    kernel.after(
        "/20/" + file,
        () ->
            process(20, "node")
                .executable("/usr/bin/node")
                .arguments("node", "server.js")
                .startTicks(OLD)
                .make());

    assertThat(of(scan(PUBLIC))).containsExactly("ApplicationFound server.js");
  }

  @ParameterizedTest
  @ValueSource(strings = {FULL, EVENTS})
  void takesNoDetailsFromTheNextProgram(String source) throws Exception {
    Happening executes = () -> node(SECOND, "server.js").environment("NODE_VERSION=22.1.0").make();
    Happening starts =
        () -> {
          python(FIRST, "job.py").make();
          kernel.after("/20/root", executes);
        };

    List<Event> events;
    if (source.equals(EVENTS)) {
      kernel.news(() -> {
        starts.happen();
        return List.of(new Exec(20, 2));
      });
      kernel.news(() -> List.of(new Exec(20, 3)));
      events = listen(2);
    } else {
      starts.happen();
      events = scan(source, () -> {});
    }

    assertThat(of(events)).containsExactly("ApplicationStarted server.js");
    assertThat(events.getFirst().attributes()).containsEntry("languageVersion", "22.1.0");
  }

  @Test
  void findsThatAProcessExecutesItsInterpreterWithAnotherScript() throws Exception {
    python(FIRST, "a.py").startTicks(OLD).make();

    List<Event> events = scan(FULL, () -> python(SECOND, "b.py").startTicks(OLD).make());

    assertThat(of(events))
        .containsExactly(
            "ApplicationFound a.py", "ApplicationEnded a.py", "ApplicationStarted b.py");
    assertThat(events.getLast().time()).isAfterOrEqualTo(events.get(events.size() - 2).time());
  }

  @ParameterizedTest
  @ValueSource(strings = {FULL, EVENTS})
  void reportsAChangeWhereAnApplicationExecutesItselfAgain(String source) throws Exception {
    python(FIRST, "a.py", "--port=1").environment("PYTHON_VERSION=3.11.1").make();
    Happening again =
        () -> python(SECOND, "a.py", "--port=2").environment("PYTHON_VERSION=3.11.2").make();

    List<Event> events;
    if (source.equals(EVENTS)) {
      kernel.news(() -> {
        again.happen();
        return List.of(new Exec(20, 2));
      });
      events = listen(1);
    } else {
      events = scan(source, again, () -> {});
    }

    assertThat(of(events)).containsExactly("ApplicationStarted a.py", "ApplicationChanged a.py");
    assertThat(events.getLast().attributes())
        .containsEntry("languageVersion", "3.11.2")
        .containsEntry("commandLine", List.of("python3", "a.py", "--port=2"));
  }

  @Test
  void reportsNothingWhereAnApplicationExecutesItselfInTheSameWay() throws Exception {
    python(FIRST, "a.py").make();

    List<Event> events = scan(FULL, () -> python(SECOND, "a.py").make());

    assertThat(of(events)).containsExactly("ApplicationStarted a.py");
  }

  @Test
  void endsNoApplicationThatExecutesItselfJustNow() throws Exception {
    python(FIRST, "a.py").executable("/opt/1/bin/python3").make();

    List<Event> events =
        scan(
            FULL,
            () ->
                process(20, "python3")
                    .executable("/opt/2/bin/python3")
                    .executing()
                    .startTicks(YOUNG)
                    .make(),
            () -> python(SECOND, "a.py").executable("/opt/2/bin/python3").make());

    assertThat(of(events)).containsExactly("ApplicationStarted a.py", "ApplicationChanged a.py");
    assertThat(events.getLast().attributes()).containsEntry("executable", "/opt/2/bin/python3");
  }

  /** As setproctitle(3) does: the name, and a title over the arguments. */
  @Test
  void seesNoOtherProgramInATitle() throws Exception {
    python(FIRST, "/usr/bin/gunicorn", "shop:app").make();

    List<Event> events =
        scan(
            FULL,
            () ->
                process(20, "gunicorn: maste")
                    .executable("/usr/bin/python3 (deleted)")
                    .arguments("gunicorn: master [shop:app]")
                    .image(FIRST)
                    .startTicks(YOUNG)
                    .make(),
            () -> {});

    assertThat(of(events)).containsExactly("ApplicationStarted /usr/bin/gunicorn");
  }

  /** A child of a second fork(2), whose parent has ended: it still shows its maker's program. */
  @Test
  void takesNoForkedChildForItsParentsProgram() throws Exception {
    python(FIRST, "supervisor.py").forked().make();

    List<Event> events = scan(FULL, () -> node(SECOND, "server.js").make());

    assertThat(of(events)).containsExactly("ApplicationStarted server.js");
  }

  @Test
  void findsADaemonThatOnlyForks() throws Exception {
    python(FIRST, "daemon.py").forked().make();

    List<Event> events = scan(FULL, () -> uptime(1003));

    assertThat(of(events)).containsExactly("ApplicationStarted daemon.py");
  }

  @Test
  void looksAgainAtAYoungProcessWhoseImageIsHidden() throws Exception {
    process(20, "python3").arguments("python3", "a.py").startTicks(YOUNG).make();

    List<Event> events =
        scan(
            PUBLIC,
            () -> process(20, "python3").arguments("python3", "b.py").startTicks(YOUNG).make(),
            () -> {});

    assertThat(of(events))
        .containsExactly(
            "ApplicationStarted a.py", "ApplicationEnded a.py", "ApplicationStarted b.py");
  }

  @Test
  void takesATitleOfAYoungProcessForNoOtherProgram() throws Exception {
    process(20, "python3").arguments("python3", "a.py").startTicks(YOUNG).make();

    List<Event> events =
        scan(
            PUBLIC,
            () -> process(20, "python3").arguments("a: main").startTicks(YOUNG).make(),
            () -> {});

    assertThat(of(events)).containsExactly("ApplicationStarted a.py");
  }

  @Test
  void waitsForTheCommandLineOfAYoungProcessWhoseImageIsHidden() throws Exception {
    process(20, "python3").arguments().startTicks(YOUNG).make();

    List<Event> events =
        scan(
            PUBLIC,
            () -> process(20, "python3").arguments("python3", "a.py").startTicks(YOUNG).make());

    assertThat(of(events)).containsExactly("ApplicationStarted a.py");
  }

  @Test
  void findsThatAForkedChildWhoseImageIsHiddenExecutesTheSameInterpreter() throws Exception {
    process(20, "python3").arguments("python3", "a.py").forked().startTicks(OLD).make();

    List<Event> events =
        scan(PUBLIC, () -> process(20, "python3").arguments("python3", "b.py").make());

    assertThat(of(events))
        .containsExactly(
            "ApplicationFound a.py", "ApplicationEnded a.py", "ApplicationStarted b.py");
  }

  /** kernel.randomize_va_space=0 gives programs whose arguments are as long the same addresses. */
  @Test
  void trustsNoAddressesThatAreNotRandom() throws Exception {
    write("proc/sys/kernel/randomize_va_space", "0\n");
    python(FIRST, "a.py").make();

    List<Event> events = scan(FULL, () -> python(FIRST, "b.py").make());

    assertThat(of(events))
        .containsExactly(
            "ApplicationStarted a.py", "ApplicationEnded a.py", "ApplicationStarted b.py");
  }

  @Test
  void waitsForABoundedNumberOfPasses() throws Exception {
    process(20, "python3").executable("/usr/bin/python3").startTicks(YOUNG).executing().make();

    List<Event> events = scan(FULL, () -> {}, () -> {}, () -> {}, () -> {}, () -> {});

    assertThat(of(events)).containsExactly("ApplicationStarted null");
  }

  @Test
  void completesWhatItKnowsOfAProcessThatWaitedUninterruptibly() throws Exception {
    python(FIRST, "a.py").state('D').make();

    List<Event> events =
        scan(
            FULL,
            () -> {},
            () -> {},
            () -> {},
            () -> {},
            () -> python(FIRST, "a.py").make(),
            () -> {});

    assertThat(of(events)).containsExactly("ApplicationStarted null", "ApplicationChanged a.py");
  }

  @Test
  void scansSoonForAProcessThatWaitsUninterruptiblyWhenItsEventIsHandled() throws Exception {
    kernel.news(() -> {
      python(FIRST, "a.py").state('D').make();
      return List.of(new Exec(20, 2));
    });
    kernel.news(() -> {
      python(FIRST, "a.py").make();
      return List.of();
    });
    for (int i = 0; i < 30; i++) {
      kernel.news(() -> {
        // The module scans only when a second has passed by the machine's own clock.
        Thread.sleep(50);
        return List.of();
      });
    }
    kernel.news(() -> List.of(new Exit(20, 0, 9, 3)));

    assertThat(of(listen(33))).containsExactly("ApplicationStarted a.py", "ApplicationEnded a.py");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsTwoFilesOfAProcessThatHasExecutedNothing(boolean visible) throws Exception {
    FakeProcess process = process(20, "python3").executable("/usr/bin/python3");
    process.arguments("python3", "a.py").startTicks(OLD);
    (visible ? process.image(FIRST) : process).make();

    scan(FULL, kernel.reads::clear);

    assertThat(kernel.reads.stream().filter(path -> path.contains("/proc/20/")))
        .filteredOn(path -> !path.matches(".*/(fd|ns|net)(/.*)?"))
        .containsExactly(root + "/proc/20/stat", root + "/proc/20/exe");
  }

  private FakeProcess python(long argStart, String... options) {
    return program("python3", argStart, options);
  }

  private FakeProcess node(long argStart, String... options) {
    return program("node", argStart, options);
  }

  private FakeProcess program(String name, long argStart, String... options) {
    return process(20, name)
        .executable("/usr/bin/" + name)
        .arguments(Stream.concat(Stream.of(name), Stream.of(options)).toArray(String[]::new))
        .startTicks(YOUNG)
        .image(argStart);
  }

  private FakeProcess process(int pid, String name) {
    return new FakeProcess(root, pid, name);
  }

  private List<Event> scan(String source, Happening... happenings) throws Exception {
    TestModuleContext context = new TestModuleContext(source, kernel, root.toString());
    for (Happening happening : happenings) {
      context.then(happening);
    }
    return context.run(new ApplicationDiscovery()).events();
  }

  private List<Event> listen(int batches) throws Exception {
    Happening[] more = new Happening[batches - 1];
    Arrays.fill(more, (Happening) () -> {});
    return scan(EVENTS, more);
  }

  private static List<String> of(List<Event> events) {
    return events.stream()
        .filter(event -> Integer.valueOf(20).equals(event.attributes().get("pid")))
        .map(event -> event.type() + " " + event.attributes().get("entryPoint"))
        .toList();
  }

  private void uptime(int seconds) throws IOException {
    write("proc/uptime", seconds + ".00 1500.00\n");
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
