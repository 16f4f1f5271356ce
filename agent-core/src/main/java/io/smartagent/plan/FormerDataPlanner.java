package io.smartagent.plan;

import io.smartagent.config.Option;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;

/** Reports data of earlier launches that a changed path leaves behind. Pure. */
final class FormerDataPlanner {

  private final Settings settings;
  private final HostFacts host;
  private final Findings findings;

  FormerDataPlanner(Settings settings, HostFacts host, Findings findings) {
    this.settings = settings;
    this.host = host;
    this.findings = findings;
  }

  /** Nothing is moved: only who knows the host knows whether both paths are the same data. */
  void warn(VirtualRoot root) {
    String seen = root.sealed() ? "; the agent sees it read-only" : "";
    host.layout()
        .former()
        .installPath()
        .ifPresent(path ->
            findings.warning(
                "The installation directory was \""
                    + path
                    + "\" at the last start and is \""
                    + settings.root().installPath()
                    + "\" now ("
                    + settings.sourceOf(Option.INSTALL_PATH)
                    + "). Nothing was moved: what was installed is still in \""
                    + path
                    + "/smartagent\""
                    + seen
                    + ". "
                    + howToMove(path + "/smartagent", settings.root().installPath())));
    for (String directory : host.layout().former().runtimeDirectories()) {
      findings.warning(
          "\""
              + directory
              + "\" holds the data of a former runtime directory, which is \""
              + settings.runtimeDirectory()
              + "\" now ("
              + settings.sourceOf(Option.RUNTIME_PATH)
              + "). Nothing was moved"
              + seen
              + ". "
              + howToMove(directory + "/*", settings.runtimeDirectory()));
    }
  }

  private static String howToMove(String from, String to) {
    return "To keep it: stop the agent on this node, mv "
        + from
        + " "
        + to
        + "/ on the host, start the agent again. To forget it: delete it there.";
  }
}
