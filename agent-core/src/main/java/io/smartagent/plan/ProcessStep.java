package io.smartagent.plan;

import java.util.List;

/** A change of what an execve hands on to the next program, and the execve itself. */
public sealed interface ProcessStep extends Step {

  @Override
  default String remedy(String call) {
    return StepRemedies.probe(call);
  }

  /** Writes no core: it would hold what the agent's memory holds. */
  record ForbidCoreDumps(String reason) implements ProcessStep {
    @Override
    public String action() {
      return "set-limit";
    }

    @Override
    public String subject() {
      return "RLIMIT_CORE 0";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.forbidCoreDumps(this);
    }
  }

  /** Closes every descriptor above 2 at the execve. */
  record CloseDescriptors(String reason) implements ProcessStep {
    @Override
    public String action() {
      return "close-descriptors";
    }

    @Override
    public String subject() {
      return "above 2, on exec";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.closeDescriptors(this);
    }
  }

  /** Unblocks all signals and ignores none. */
  record ResetSignals(String reason) implements ProcessStep {
    @Override
    public String action() {
      return "reset-signals";
    }

    @Override
    public String subject() {
      return "mask and dispositions";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.resetSignals(this);
    }
  }

  /** Sets the umask. */
  record SetUmask(int mask, String reason) implements ProcessStep {
    @Override
    public String action() {
      return "set-umask";
    }

    @Override
    public String subject() {
      return "0" + Integer.toOctalString(mask);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.setUmask(this);
    }
  }

  /**
   * Becomes another program.
   *
   * @param path of the program in the virtual root
   * @param arguments with the program's name first
   */
  record Execute(String path, List<String> arguments, boolean agent, String reason)
      implements ProcessStep {
    /** Copies the list. */
    public Execute {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String action() {
      return "execute";
    }

    @Override
    public String subject() {
      return agent ? "the built-in agent" : String.join(" ", arguments);
    }

    @Override
    public String remedy(String call) {
      return agent
          ? "Mount the runtime directory without noexec."
          : "Name a program that the host itself can run.";
    }

    @Override
    public boolean runsAnotherProgram() {
      return true;
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.execute(this);
    }
  }
}
