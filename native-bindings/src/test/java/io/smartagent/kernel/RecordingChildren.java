package io.smartagent.kernel;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.process.Child;
import io.smartagent.kernel.process.Children;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Children that do nothing, and end as a test wants them to. */
final class RecordingChildren implements Children {

  private static final int KILLED = 128 + 9;

  private record Answer(String output, OptionalInt status) {}

  private final CallLog log;
  private final ThreadState thread;
  private final Map<String, Answer> answers = new HashMap<>();
  private final Map<String, Consumer<List<String>>> watchers = new HashMap<>();
  private long lastPid = 1000;

  RecordingChildren(CallLog log, ThreadState thread) {
    this.log = log;
    this.thread = thread;
  }

  void answer(String path, String output, int status) {
    answers.put(path, new Answer(output, OptionalInt.of(status)));
  }

  void hang(String path) {
    answers.put(path, new Answer("", OptionalInt.empty()));
  }

  void watch(String path, Consumer<List<String>> watcher) {
    watchers.put(path, watcher);
  }

  @Override
  public Child start(
      String path, List<String> arguments, List<String> environment, CapabilitySet capabilities)
      throws ErrnoException {
    log.change(
        "posix_spawn(\"" + String.join(" ", arguments) + "\", " + capabilities + ")",
        () -> {
          if (!thread.capabilities.permitted().containsAll(capabilities)) {
            throw new CallLog.Refusal(Errno.EPERM);
          }
        });
    watchers.getOrDefault(path, environmentOfNobody -> {}).accept(environment);
    return new RecordedChild(
        ++lastPid, answers.getOrDefault(path, new Answer("", OptionalInt.of(0))));
  }

  private final class RecordedChild implements Child {

    private final long pid;
    private byte[] output;
    private OptionalInt status;

    RecordedChild(long pid, Answer answer) {
      this.pid = pid;
      this.output = answer.output().getBytes(StandardCharsets.UTF_8);
      this.status = answer.status();
    }

    @Override
    public long pid() {
      return pid;
    }

    @Override
    public byte[] readOutput(Duration patience) {
      byte[] read = output;
      output = new byte[0];
      return read;
    }

    @Override
    public boolean outputHasEnded() {
      return output.length == 0 && status.isPresent();
    }

    @Override
    public OptionalInt ended() {
      return status;
    }

    @Override
    public void kill() {
      if (status.isEmpty()) {
        status = OptionalInt.of(KILLED);
        try {
          log.change("kill(" + -pid + ", SIGKILL)", () -> {});
        } catch (ErrnoException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void close() {}
  }
}
