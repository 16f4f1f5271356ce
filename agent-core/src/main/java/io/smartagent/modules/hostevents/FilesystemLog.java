package io.smartagent.modules.hostevents;

import static io.smartagent.modules.hostevents.HostEventTypes.EXT4_ERROR;
import static io.smartagent.modules.hostevents.HostEventTypes.EXT4_WARNING;
import static io.smartagent.modules.hostevents.HostEventTypes.IO_ERROR;
import static io.smartagent.modules.hostevents.HostEventTypes.READONLY_FILESYSTEM;
import static io.smartagent.modules.hostevents.HostEventTypes.XFS_SHUTDOWN;

import io.smartagent.module.EventType;
import io.smartagent.modules.hostevents.KernelReport.FilesystemFault;
import io.smartagent.modules.kernellog.KernelLogLine;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What file systems and block devices write, of Linux 3.10 to 6.18: fs/ext4/super.c,
 * fs/xfs/xfs_fsops.c, fs/btrfs/super.c, fs/fat/misc.c, fs/f2fs/super.c, fs/buffer.c,
 * block/blk-core.c, drivers/nvme/host/pci.c.
 */
final class FilesystemLog implements LogReader {

  private static final String DEVICE = "(?<device>[\\w!.:-]{1,64})(?: state [A-Z]{1,10})?";

  private static final String REQUEST_ERROR =
      "(?:I/O|timeout|recoverable transport|critical (?:target|nexus|space allocation|medium)"
          + "|device resource|device offline|protection|zone resource) error";

  /**
   * A sentence and what it means.
   *
   * @param pattern with a group {@code device}
   */
  private record Rule(EventType type, @Nullable String filesystem, Pattern pattern) {

    static Rule of(EventType type, @Nullable String filesystem, String pattern) {
      return new Rule(type, filesystem, Pattern.compile(pattern, Pattern.DOTALL));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              READONLY_FILESYSTEM,
              null,
              "(?<kind>EXT[234])-fs \\("
                  + DEVICE
                  + "\\): (?:error: )?[Rr]emounting filesystem"
                  + " read-only"),
          Rule.of(
              READONLY_FILESYSTEM,
              "ext4",
              "EXT4-fs \\(" + DEVICE + "\\): shut down requested \\(\\d\\)"),
          Rule.of(
              READONLY_FILESYSTEM,
              "btrfs",
              "BTRFS info \\(device " + DEVICE + "\\): forced readonly"),
          Rule.of(
              READONLY_FILESYSTEM,
              "vfat",
              "FAT-fs \\(" + DEVICE + "\\): Filesystem has been set read-only"),
          Rule.of(
              READONLY_FILESYSTEM,
              "f2fs",
              "F2FS-fs \\(" + DEVICE + "\\): Stopped filesystem due to reason: \\d{1,4}"),
          Rule.of(
              XFS_SHUTDOWN,
              "xfs",
              "XFS \\("
                  + DEVICE
                  + "\\): (?:.{0,300}[Ss]hutting down filesystem\\.?"
                  + "|Filesystem has been shut down due to .{1,200})"),
          Rule.of(
              EXT4_ERROR,
              null,
              "(?<kind>EXT[234])-fs error \\(device " + DEVICE + "\\)(?:: | in ).*"),
          Rule.of(
              EXT4_WARNING, null, "(?<kind>EXT[234])-fs warning \\(device " + DEVICE + "\\): .*"),
          Rule.of(
              IO_ERROR,
              null,
              "(?:(?:end_request|blk_update_request|print_req_error): )?"
                  + REQUEST_ERROR
                  + ", dev "
                  + DEVICE
                  + ", sector \\d{1,20}.*"),
          Rule.of(
              IO_ERROR,
              null,
              "Buffer I/O error on dev(?:ice)? " + DEVICE + ", logical block \\d{1,20}.*"),
          Rule.of(IO_ERROR, null, "lost page write due to I/O error on " + DEVICE),
          Rule.of(IO_ERROR, "xfs", "XFS \\(" + DEVICE + "\\): [Mm]etadata I/O [Ee]rror.*"),
          Rule.of(
              IO_ERROR,
              "btrfs",
              "BTRFS error \\(device "
                  + DEVICE
                  + "\\): bdev \\S{1,200} errs: wr \\d+, rd \\d+, flush"
                  + " \\d+, corrupt \\d+, gen \\d+"),
          Rule.of(IO_ERROR, null, "nvme (?<device>nvme\\d{1,5}): I/O .{1,200}timeout, .{1,200}"));

  /** Where ext4 names the task that met an error. */
  private static final Pattern MET_BY =
      Pattern.compile(
          ".*\\): \\w{1,100}:\\d{1,9}: (?:inode #\\d+: )?(?:block \\d+: )?comm "
              + Sentence.COMM
              + ": .*",
          Pattern.DOTALL);

  @Override
  public boolean read(KernelLogLine line, Consumer<KernelReport> reports) {
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern().matcher(line.text());
      if (matcher.matches()) {
        reports.accept(
            new FilesystemFault(
                line.microseconds(),
                rule.type(),
                kind(rule, matcher),
                matcher.group("device"),
                process(line.text()),
                line.text()));
        return true;
      }
    }
    return false;
  }

  private static @Nullable String kind(Rule rule, Matcher matcher) {
    return matcher.namedGroups().containsKey("kind")
        ? matcher.group("kind").toLowerCase(Locale.ROOT)
        : rule.filesystem();
  }

  private static @Nullable String process(String text) {
    Matcher metBy = MET_BY.matcher(text);
    return metBy.matches() ? metBy.group(1) : null;
  }

  @Override
  public void end(Consumer<KernelReport> reports) {}
}
