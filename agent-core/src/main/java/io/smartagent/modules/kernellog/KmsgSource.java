package io.smartagent.modules.kernellog;

import io.smartagent.kernel.Errno;
import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.log.KernelLogRecords;
import java.util.ArrayList;
import java.util.List;

/** The kernel's log by /dev/kmsg: every record with its number. */
public final class KmsgSource implements KernelLogSource {

  /**
   * The log of a large machine has megabytes, and a flood must not keep the module from stopping.
   */
  private static final int RECORDS_AT_ONCE = 1_000;

  private final KernelLogRecords records;
  private long expected = KernelLogLine.NO_SEQUENCE;

  /**
   * @param device the path of /dev/kmsg
   * @throws ErrnoException as {@link KernelLog#openRecords}
   */
  public KmsgSource(KernelLog log, String device) throws ErrnoException {
    records = log.openRecords(device);
  }

  @Override
  public Batch poll() throws ErrnoException {
    List<KernelLogLine> lines = new ArrayList<>();
    long lost = 0;
    for (int i = 0; i < RECORDS_AT_ONCE; i++) {
      byte[] record;
      try {
        record = records.next();
      } catch (ErrnoException e) {
        if (e.errno() == Errno.EPIPE) {
          // The next record's number says how many are gone.
          continue;
        }
        throw e;
      }
      if (record == null) {
        return new Batch(lines, lost, true);
      }
      KernelLogLine line = KmsgRecord.parse(record);
      if (line != null) {
        if (expected != KernelLogLine.NO_SEQUENCE) {
          lost += Math.max(0, line.sequence() - expected);
        }
        expected = line.sequence() + 1;
        lines.add(line);
      }
    }
    return new Batch(lines, lost, false);
  }

  @Override
  public void close() {
    records.close();
  }
}
