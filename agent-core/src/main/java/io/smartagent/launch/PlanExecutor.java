package io.smartagent.launch;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.process.Execution;
import io.smartagent.plan.LaunchPlan;
import io.smartagent.plan.Step;
import io.smartagent.probe.ContainerFacts;
import java.util.List;
import java.util.function.Consumer;

/**
 * Executes the steps of a plan, on the calling thread, which must not be used for anything else:
 * nearly every step changes only that thread, until its execve makes it the process. Nothing is
 * decided here.
 */
public final class PlanExecutor {

  private final ContainerFacts container;
  private final LaunchPlan plan;
  private final HostView view;
  private final HostChanges changes;
  private final StepExecutor steps;

  /**
   * Returns an executor of one plan.
   *
   * @param execution what makes the last step; the kernel's own, but for a rehearsal
   * @param mountPoint of the host's root
   * @param program with the plan's arguments
   * @param output gets what programs of the host print
   */
  public PlanExecutor(
      Kernel kernel,
      Execution execution,
      String mountPoint,
      ContainerFacts container,
      LaunchPlan plan,
      Program program,
      Consumer<String> output) {
    this.container = container;
    this.plan = plan;
    view = new HostView(mountPoint);
    changes = new HostChanges(kernel);
    steps = new StepExecutor(kernel, execution, view, changes, plan, program, output);
  }

  /**
   * Runs the steps in their order. Returns only where the execution is a rehearsal.
   *
   * @throws LaunchFailure for the first step that fails
   */
  public void execute() throws LaunchFailure {
    for (Step step : plan.steps()) {
      try {
        step.accept(steps);
      } catch (ErrnoException e) {
        throw FailureAdvice.forStep(step, e, container);
      }
    }
  }

  /**
   * Takes back what a failed launch has changed on the host. For another thread than the one that
   * executed the plan: that one may have lost the capabilities by now.
   *
   * @return what stays on the host all the same, as sentences
   */
  public List<String> undo() {
    changes.undo(view.rootOfOthers());
    return changes.staying();
  }
}
