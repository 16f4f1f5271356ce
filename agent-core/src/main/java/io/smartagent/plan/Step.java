package io.smartagent.plan;

/**
 * One change that the launcher makes to the host, to its own view of it or to itself. A plan lists
 * them in the order in which they run. Paths are those of the host.
 */
public sealed interface Step
    permits HostStep, InstallerStep, MountStep, ProcessStep, PrivilegeStep {

  /** Returns what is done, as a verb with dashes. */
  String action();

  /** Returns what it is done to. */
  String subject();

  /** Returns why the plan has this step: printed by {@code plan}, shown when it fails. */
  String reason();

  /**
   * Returns what the operator can change where this step fails.
   *
   * @param call the system call that failed, as a person would write it
   */
  String remedy(String call);

  /**
   * Returns whether another program runs in this step: an error is about that program then, not
   * about what the container may do.
   */
  default boolean runsAnotherProgram() {
    return false;
  }

  /** Calls the method of {@code visitor} that is for this kind of step. */
  <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor) throws X, Y;
}
