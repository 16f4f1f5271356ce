package io.smartagent.kernel.log;

import io.smartagent.kernel.ErrnoException;

/**
 * The kernel's log: by syslog(2), which needs no device, or record by record from the device. The
 * actions of syslog(2) that consume (2 and 4) are not offered: they would take lines away from the
 * host's own daemon.
 */
public interface KernelLog {

  /**
   * Returns the size of the log's buffer in bytes: SYSLOG_ACTION_SIZE_BUFFER.
   *
   * @throws ErrnoException EPERM without CAP_SYSLOG where kernel.dmesg_restrict is 1
   */
  int bufferSize() throws ErrnoException;

  /**
   * Returns the last {@code limit} bytes of the log, from the last clear on, each line as {@code
   * <priority>[seconds.microseconds] text}: SYSLOG_ACTION_READ_ALL.
   *
   * @throws ErrnoException EPERM without CAP_SYSLOG where kernel.dmesg_restrict is 1
   */
  byte[] readAll(int limit) throws ErrnoException;

  /**
   * Opens the log's device, and starts at the oldest record that is still there. Unlike {@link
   * #readAll} it does not stop at the last clear.
   *
   * @param device the path of /dev/kmsg
   * @throws ErrnoException EPERM where a device cgroup denies it, or without CAP_SYSLOG where
   *     kernel.dmesg_restrict is 1; ENOENT; ENXIO or ENODEV where the path is another device;
   *     EACCES
   */
  KernelLogRecords openRecords(String device) throws ErrnoException;
}
