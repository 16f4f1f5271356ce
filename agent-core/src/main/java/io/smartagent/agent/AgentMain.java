package io.smartagent.agent;

import io.smartagent.config.ExitStatus;
import io.smartagent.config.StatusAddress;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.launch.LaunchRecordJson;
import io.smartagent.modules.ModuleCatalog;
import io.smartagent.telemetry.StatusServer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the agent begins after the launcher's execve. */
public final class AgentMain {

  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);

  private AgentMain() {}

  /** A reason to end, for people, with the status that a program reads. */
  private static final class Unable extends Exception {

    private static final long serialVersionUID = 1L;
    private final ExitStatus status;

    Unable(ExitStatus status, String message) {
      super(message);
      this.status = status;
    }
  }

  /**
   * Runs the agent until a signal ends it.
   *
   * @param args the path of the {@link LaunchRecord}'s file
   */
  public static void main(String[] args) {
    Instant startedAt = Instant.now();
    OpenDescriptors openAtStart = OpenDescriptors.atStart();
    // Only events may appear on stdout.
    System.setOut(System.err);
    Thread.setDefaultUncaughtExceptionHandler(AgentMain::logUncaught);
    try {
      start(args, startedAt, openAtStart);
    } catch (Unable e) {
      LOG.error(e.getMessage());
      System.exit(e.status.code());
    } catch (Throwable e) {
      LOG.error("The agent could not start: {}.", e.toString());
      LOG.debug("The exception was:", e);
      System.exit(ExitStatus.INTERNAL.code());
    }
  }

  private static void logUncaught(Thread thread, Throwable e) {
    LOG.error("The thread {} ended with an exception: {}.", thread.getName(), e.toString());
    LOG.debug("The exception was:", e);
  }

  private static void start(String[] args, Instant startedAt, OpenDescriptors openAtStart)
      throws Unable, InterruptedException {
    if (args.length != 1) {
      throw new Unable(
          ExitStatus.USAGE,
          "The agent takes one argument, the path of launch.json; the launcher gives it. Start the"
              + " launcher with: smartagent config");
    }
    LaunchRecord record = read(Path.of(args[0]));
    InetSocketAddress address = address(record);
    Agent agent =
        new Agent(
            record,
            startedAt,
            LinuxKernel::new,
            ModuleCatalog.modules(),
            new FileOutputStream(FileDescriptor.out));
    agent.start(openAtStart, bind(agent, address));
  }

  private static LaunchRecord read(Path path) throws Unable {
    try {
      return LaunchRecordJson.parse(Files.readAllBytes(path));
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("The exception was:", e);
      throw new Unable(
          ExitStatus.INTERNAL,
          "\""
              + path
              + "\" could not be read ("
              + e.getClass().getSimpleName()
              + "). The launcher writes it anew at each start: start the container again.");
    }
  }

  private static InetSocketAddress address(LaunchRecord record) throws Unable {
    StatusAddress address =
        StatusAddress.parse(record.node().statusAddress())
            .orElseThrow(() ->
                new Unable(
                    ExitStatus.CONFIGURATION,
                    "SMARTAGENT_STATUS_ADDRESS is \""
                        + record.node().statusAddress()
                        + "\". It must be IPV4:PORT or [IPV6]:PORT, such as 127.0.0.1:9871."));
    return new InetSocketAddress(address.host(), address.port());
  }

  private static StatusServer bind(Agent agent, InetSocketAddress address) throws Unable {
    try {
      return new StatusServer(address, agent.metrics(), agent::report, agent.results());
    } catch (IOException e) {
      throw new Unable(
          ExitStatus.UNAVAILABLE,
          "The status server cannot listen on "
              + address.getHostString()
              + " port "
              + address.getPort()
              + ": "
              + e.getMessage()
              + ". End what listens there (ss -ltnp), or give another address with"
              + " SMARTAGENT_STATUS_ADDRESS.");
    }
  }
}
