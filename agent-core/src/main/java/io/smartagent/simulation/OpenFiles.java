package io.smartagent.simulation;

import static io.smartagent.simulation.PlanOnly.noPlanAsksFor;

import io.smartagent.kernel.process.Descriptors;
import java.util.Map;

/** The open files of an assumed process: numbers that stand for paths. */
final class OpenFiles implements Descriptors {

  private final Map<Integer, String> paths;

  OpenFiles(Map<Integer, String> paths) {
    this.paths = paths;
  }

  @Override
  public void closeOnExecFrom(int first) {
    throw noPlanAsksFor("close-on-exec");
  }

  @Override
  public void close(int number) {
    // Its path stays known: numbers are not used twice.
    if (!paths.containsKey(number)) {
      throw noPlanAsksFor("the end of a file that is not open");
    }
  }
}
