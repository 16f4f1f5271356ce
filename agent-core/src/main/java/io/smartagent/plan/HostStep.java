package io.smartagent.plan;

/** A change of the host itself: its data directory, its accounts, an installed runtime. */
public sealed interface HostStep extends Step {

  /** Makes the agent's data directory, with mode 0755. */
  record CreateRuntimeDirectory(String path, String reason) implements HostStep {
    @Override
    public String action() {
      return "create-directory";
    }

    @Override
    public String subject() {
      return path;
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.ofDirectory(path);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.createRuntimeDirectory(this);
    }
  }

  /** Makes the place that the runtime is bound to, in the data directory. */
  record CreateRuntimeMountPoint(String directory, String name, String reason) implements HostStep {
    @Override
    public String action() {
      return "create-directory";
    }

    @Override
    public String subject() {
      return directory + "/" + name;
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.ofDirectory(directory);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.createRuntimeMountPoint(this);
    }
  }

  /** Gives the data directory to the user that the agent becomes. */
  record GiveRuntimeDirectory(String path, int uid, int gid, String reason) implements HostStep {
    @Override
    public String action() {
      return "change-owner";
    }

    @Override
    public String subject() {
      return path + " to " + Integer.toUnsignedString(uid) + ":" + Integer.toUnsignedString(gid);
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.ofDirectory(path);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.giveRuntimeDirectory(this);
    }
  }

  /** Copies the image's runtime to the host, for containers that may not mount. */
  record InstallRuntime(String source, String directory, String reason) implements HostStep {
    @Override
    public String action() {
      return "install-runtime";
    }

    @Override
    public String subject() {
      return directory;
    }

    @Override
    public String remedy(String call) {
      return "Make \"" + directory + "\" writable, with 200 MB free.";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.installRuntime(this);
    }
  }

  /** Makes the agent's account with the host's own programs, inside the host's root. */
  record CreateUser(NewAccount account, String reason) implements HostStep {
    @Override
    public String action() {
      return "create-user";
    }

    @Override
    public String subject() {
      return account.user().name()
          + " ("
          + Integer.toUnsignedString(account.user().uid())
          + ":"
          + Integer.toUnsignedString(account.user().gid())
          + ") with "
          + account.tool().addUser();
    }

    @Override
    public String remedy(String call) {
      return "Make a user on the host and name it with --user, or pass --non-root-mode false.";
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.createUser(this);
    }
  }

  /** Leaves the plan in the data directory, as the agent's user. */
  record WriteLaunchRecord(String directory, String reason) implements HostStep {
    @Override
    public String action() {
      return "write-launch-record";
    }

    @Override
    public String subject() {
      return directory + "/launch.json";
    }

    @Override
    public String remedy(String call) {
      return StepRemedies.ofDirectory(directory);
    }

    @Override
    public <X extends Exception, Y extends Exception> void accept(StepVisitor<X, Y> visitor)
        throws X, Y {
      visitor.writeLaunchRecord(this);
    }
  }
}
