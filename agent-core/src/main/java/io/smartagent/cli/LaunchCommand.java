package io.smartagent.cli;

import io.smartagent.config.Command;
import io.smartagent.config.CommandLine;
import io.smartagent.config.ExitStatus;
import io.smartagent.config.Option;
import io.smartagent.config.Problem;
import io.smartagent.host.HostRoot;
import io.smartagent.host.HostUser;
import io.smartagent.json.JsonText;
import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.process.Execution;
import io.smartagent.launch.LaunchFailure;
import io.smartagent.launch.PlanExecutor;
import io.smartagent.launch.Program;
import io.smartagent.module.ModuleDescriptor;
import io.smartagent.plan.CapabilityCarrier;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.planning.Planning;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code config} and {@code run}: probe, plan, report, seal, enter, drop, exec. */
final class LaunchCommand {

  /**
   * Set for the JVM that records what its AOT cache is made of: everything is done but the execve,
   * so that this JVM comes to its own end.
   */
  private static final String REHEARSE = "smartagent.rehearse";

  private static final int ARGUMENTS_LIMIT = 8 << 20;

  private final Kernel kernel;
  private final List<? extends ModuleDescriptor> modules;
  private final Terminal terminal;

  LaunchCommand(Kernel kernel, List<? extends ModuleDescriptor> modules, Terminal terminal) {
    this.kernel = kernel;
    this.modules = modules;
    this.terminal = terminal;
  }

  /** Returns only where nothing was launched. */
  ExitStatus run(Command command, CommandLine line) {
    // While this thread asks the kernel, another one loads what will be needed.
    Thread classes =
        Thread.ofPlatform()
            .daemon()
            .name("classes")
            .start(() -> {
              JsonText.load();
              ClassSources.open();
            });
    try {
      Planning.Result result = new Planning(kernel, modules, line, System.getenv()).plan();
      printPlan(result, Boolean.getBoolean(REHEARSE));
      if (result.plan().isRefused()) {
        PlanText.problems(result.plan().problems()).forEach(terminal::error);
        return Problem.statusOf(result.plan().problems());
      }
      Program program = program(command, result.plan());
      PlanExecutor executor =
          new PlanExecutor(
              kernel,
              execution(),
              HostRoot.MOUNT_POINT,
              result.container(),
              result.plan(),
              program,
              terminal::line);
      await(classes);
      return onThreadOfItsOwn(executor);
    } catch (ErrnoException e) {
      terminal.error(ProbeCommand.unreadable(e));
      return ExitStatus.NOT_PERMITTED;
    }
  }

  private void printPlan(Planning.Result result, boolean rehearsal) {
    boolean text = result.plan().settings().valueOf(Option.EVENTS).equals("text");
    List<String> screen = List.of();
    // So that the AOT cache has the classes of both.
    if (text || rehearsal) {
      screen = StartScreen.lines(result.plan(), result.container(), terminal);
    }
    List<String> lines =
        text ? screen : PlanText.story(result.plan(), result.container(), terminal);
    lines.forEach(terminal::line);
  }

  private static void await(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Program program(Command command, LaunchPlan plan) throws ErrnoException {
    HostUser user = plan.user().user();
    List<String> words = plan.agent().arguments();
    boolean config = command == Command.CONFIG;
    if (config && plan.settings().installer().isEmpty()) {
      Program agent = Program.agent(words, System.getenv(), user.name(), user.home());
      return plan.identity().carrier() == CapabilityCarrier.FILE
          ? agent.forSecureExecution()
          : agent;
    }
    byte[] environment = kernel.filesystem().readAll("/proc/self/environ", ARGUMENTS_LIMIT);
    if (config) {
      return Program.installed(words, environment, user.name(), user.home());
    }
    return Program.ofHost(
        kernel.filesystem().readAll("/proc/self/cmdline", ARGUMENTS_LIMIT),
        environment,
        words.size(),
        user.name(),
        user.home());
  }

  private Execution execution() {
    if (!Boolean.getBoolean(REHEARSE)) {
      return kernel.execution();
    }
    return new Execution() {
      // The kernel finds no program of no name; but all that leads there has been done.
      @Override
      public void execute(String path, List<byte[]> arguments, List<byte[]> environment)
          throws ErrnoException {
        try {
          kernel.execution().execute("", arguments, environment);
        } catch (ErrnoException e) {
          if (e.errno() != Errno.ENOENT) {
            throw e;
          }
        }
      }

      @Override
      public void setUmask(int mask) {}
    };
  }

  /**
   * The main thread stays as it is, in the container's own root and with its capabilities, so that
   * a failed launch can still be reported and ended.
   */
  private ExitStatus onThreadOfItsOwn(PlanExecutor executor) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread launch =
        Thread.ofPlatform()
            .name("launch")
            .unstarted(() -> {
              try {
                executor.execute();
              } catch (LaunchFailure | RuntimeException | Error e) {
                failure.set(e);
              }
            });
    launch.start();
    try {
      launch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitStatus.INTERNAL;
    }
    Throwable thrown = failure.get();
    if (thrown == null) {
      return ExitStatus.OK;
    }
    executor.undo().forEach(terminal::line);
    if (thrown instanceof LaunchFailure reported) {
      terminal.error(String.valueOf(reported.getMessage()));
      return reported.status();
    }
    throw new IllegalStateException(thrown);
  }
}
