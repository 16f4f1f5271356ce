package io.smartagent.kernel;

import io.smartagent.kernel.process.Descriptors;

/** Descriptors of cloned trees, which only the fake knows, and real ones of files. */
final class RecordingDescriptors implements Descriptors {

  private final CallLog log;
  private final RecordingMounts mounts;
  private final RecordingFilesystem filesystem;

  RecordingDescriptors(CallLog log, RecordingMounts mounts, RecordingFilesystem filesystem) {
    this.log = log;
    this.mounts = mounts;
    this.filesystem = filesystem;
  }

  @Override
  public void closeOnExecFrom(int first) throws ErrnoException {
    log.change("close_range(" + first + ", ~0U, CLOSE_RANGE_CLOEXEC)", () -> {});
  }

  @Override
  public void close(int number) {
    if (mounts.isTree(number)) {
      mounts.forgetTree(number);
    } else {
      filesystem.close(number);
    }
  }
}
