package io.smartagent.modules.logdiscovery;

import io.smartagent.kernel.file.FileStatus;

/**
 * Who a file is, whatever it is called.
 *
 * @param device its file system's number, major in the upper half
 * @param inode its number there, which is used again when the file is removed
 */
record FileId(long device, long inode) {

  static FileId of(FileStatus status) {
    return new FileId(status.device(), status.inode());
  }

  /** Returns the device as mountinfo writes it: {@code 254:0}. */
  String deviceText() {
    return (device >>> 32) + ":" + (device & 0xffff_ffffL);
  }
}
