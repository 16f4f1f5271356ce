package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.file.Filesystem;
import io.smartagent.modules.process.PatientReader;
import io.smartagent.modules.process.ProcessFiles;
import java.time.Duration;
import java.util.Set;

/** Finds out the details of an application, once, from its environment and its files. */
final class Inspector implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int ENVIRONMENT_LIMIT = 131_072;
  private static final Set<String> VARIABLES = SoftwareCatalog.variables();

  private final ProcessFiles processes;
  private final boolean readsFiles;
  private final ApplicationFiles files;
  private final PatientReader memory = new PatientReader(PATIENCE);

  /** Apart from the other: a file system that hangs takes no command lines with it. */
  private final PatientReader disk = new PatientReader(PATIENCE);

  /**
   * @param root the host's root, without a slash at its end
   * @param readsFiles whether environments and files of processes may be read
   */
  Inspector(Filesystem filesystem, String root, boolean readsFiles) {
    this.processes = new ProcessFiles(filesystem, root);
    this.readsFiles = readsFiles;
    this.files = new ApplicationFiles(filesystem);
  }

  /** Returns what can be found out now; less where the process has ended. */
  Details inspect(HostProcess process) {
    CommandLine commandLine = commandLine(process.pid());
    Details told = Details.ofCommandLine(process.software(), process.executable(), commandLine);
    if (!readsFiles) {
      return told;
    }
    ApplicationFiles.Program program =
        new ApplicationFiles.Program(
            processes.path(process.pid(), "").replaceFirst("/$", ""),
            process.software(),
            process.executable(),
            commandLine,
            environment(process));
    Details found = disk.call(() -> files.inspect(program));
    return found == null ? told : found;
  }

  private CommandLine commandLine(int pid) {
    byte[] content = memory.read(processes.path(pid, "cmdline"), ProcessTable.COMMAND_LINE_LIMIT);
    return content == null
        ? CommandLine.UNKNOWN
        : CommandLine.parse(content, ProcessTable.COMMAND_LINE_LIMIT);
  }

  private Environment environment(HostProcess process) {
    Software software = process.software();
    if (software.productClues().variables().isEmpty()
        && software.languageClues().variables().isEmpty()) {
      return Environment.NONE;
    }
    byte[] content = memory.read(processes.path(process.pid(), "environ"), ENVIRONMENT_LIMIT);
    return content == null ? Environment.NONE : Environment.parse(content, VARIABLES);
  }

  @Override
  public void close() {
    memory.close();
    disk.close();
  }
}
