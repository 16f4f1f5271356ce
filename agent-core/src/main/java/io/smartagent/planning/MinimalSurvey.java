package io.smartagent.planning;

import io.smartagent.config.Mode;
import io.smartagent.config.Settings;
import io.smartagent.host.HostFacts;
import io.smartagent.host.HostFiles;
import io.smartagent.host.MinimalFacts;
import io.smartagent.host.MinimalReader;
import io.smartagent.host.ProgramFacts;
import io.smartagent.host.ShownEntry;
import io.smartagent.host.ShownTree;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.plan.InstallerCommands;
import io.smartagent.plan.MinimalRoot;
import java.util.List;
import java.util.Optional;

/**
 * Asks the host what mode minimal has to know: first what there is, then, as soon as that says what
 * will be shown, what can be found in it.
 */
final class MinimalSurvey {

  private MinimalSurvey() {}

  /**
   * Returns {@code host} with what was found; as it is where another mode is asked for.
   *
   * @throws ErrnoException if the host's root can no longer be read
   */
  static HostFacts complete(HostFacts host, HostFiles files, Settings settings)
      throws ErrnoException {
    if (settings.root().mode() != Mode.MINIMAL || host.root().state() != HostFacts.State.ROOT) {
      return host;
    }
    MinimalFacts facts =
        new MinimalReader(files).read(MinimalRoot.candidates(settings, host.layout().former()));
    List<ShownEntry> shown = MinimalRoot.entries(settings, facts, host.entries().pruned());
    Optional<ProgramFacts> program = Optional.empty();
    if (host.program().isPresent()) {
      program = Optional.of(ShownTree.program(files, shown, host.program().get().name()));
    }
    return host.with(
        program,
        host.layout().with(facts.with(ShownTree.missing(files, shown, InstallerCommands.NAMES))));
  }
}
