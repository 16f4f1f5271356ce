package io.smartagent.agent;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountWatch;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.module.BackgroundThread;
import io.smartagent.module.EventSink;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for changes to the mounts of the virtual root, on a thread without any capability, and
 * tells of each mount that can be written and must not be. While a sealed host has one, or the
 * mounts cannot be read, a check of the attestation fails.
 */
final class DriftGuard {

  private static final Logger LOG = LoggerFactory.getLogger(DriftGuard.class);

  private static final String FULL = "full";
  private static final int SHOWN = 10;
  private static final long STACK_SIZE = 256 * 1024;

  /** Between two looks: who mounts a hundred file systems at once causes one. */
  private static final Duration CALM = Duration.ofMillis(100);

  /** It looks that often even if it is told of no change, and where it cannot be told of any. */
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** Until descriptors, or what else was lacking to open the table, may be had again. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Mounts mounts;
  private final MountDrift drift;
  private final DriftTelemetry telemetry;
  private final boolean sealed;

  /** What was seen last; null before the first look. */
  private volatile @Nullable State state;

  /**
   * What one look has found.
   *
   * @param open mounts that can be written and must not be, as {@link DriftTelemetry#describe}
   *     names them
   * @param total how many there are
   * @param fault why nothing could be seen; null where it could
   */
  private record State(List<String> open, int total, @Nullable String fault) {}

  DriftGuard(Mounts mounts, LaunchRecord record, EventSink events) {
    this.mounts = mounts;
    this.drift = MountDrift.of(record);
    this.sealed = record.root().sealed();
    this.telemetry = new DriftTelemetry(events, sealed);
  }

  /** Returns whether there is anything to guard: in mode full all of the host can be written. */
  static boolean isNeeded(LaunchRecord record) {
    return !record.root().mode().equals(FULL);
  }

  /** Starts its thread, which has no more capabilities than the calling one. */
  void start() {
    BackgroundThread.named("drift-guard", STACK_SIZE).start(this::run);
  }

  private void run() {
    try {
      while (true) {
        try (MountWatch watch = mounts.watch()) {
          guard(watch);
        } catch (ErrnoException | RuntimeException e) {
          loseSight(e);
        }
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException e) {
      LOG.debug("The drift guard was interrupted.", e);
    }
  }

  /** The watch is older than the first look: what comes between the two is told by both. */
  private void guard(MountWatch watch) throws ErrnoException, InterruptedException {
    while (true) {
      look();
      watch.await(PERIOD);
      Thread.sleep(CALM);
    }
  }

  /** Reads the mounts once and tells what has changed since the last time. */
  void look() throws ErrnoException {
    MountDrift.Change change = drift.compare(mounts.table());
    State before = state;
    List<String> open = drift.named().stream().map(DriftTelemetry::describe).toList();
    state = new State(open, change.total(), null);
    if (before != null && before.fault() != null) {
      LOG.info("The mounts can be read again.");
    }
    for (MountPoint mount : change.gone()) {
      telemetry.gone(mount);
    }
    for (MountPoint mount : change.appeared()) {
      telemetry.appeared(mount);
    }
    int unnamed = change.total() - open.size();
    if (unnamed > 0 && (before == null || unnamed > before.total() - before.open().size())) {
      LOG.warn("{} more mounts have become writable, which are not named.", unnamed);
    }
    if (change.total() == 0 && !change.gone().isEmpty()) {
      LOG.info("No mount is writable any more that must not be.");
    }
  }

  /** What is seen last stays: nobody has said that it is gone. */
  void loseSight(Exception e) {
    State before = state;
    String reason = String.valueOf(e.getMessage());
    if (before == null || before.fault() == null) {
      LOG.warn(
          "The mounts of the virtual root cannot be watched: {}. It is tried again every {}"
              + " seconds.",
          reason,
          RETRY.toSeconds());
    }
    state =
        before == null
            ? new State(List.of(), 0, reason)
            : new State(before.open(), before.total(), reason);
  }

  /** Returns how many mounts can be written that must not be. */
  int openMounts() {
    State now = state;
    return now == null ? 0 : now.total();
  }

  /** Returns {@code attested} with what has been found since. */
  AttestationReport amend(AttestationReport attested) {
    State now = state;
    if (now == null) {
      return attested;
    }
    if (now.total() > 0) {
      return attested.with(new Check(check(), !sealed, describe(now)));
    }
    if (now.fault() != null) {
      String detail = "the mounts cannot be read any more: " + now.fault();
      return attested.with(new Check(check(), false, detail));
    }
    return sealed
        ? attested
        : attested.with(new Check(check(), true, "no mount has become writable since the start"));
  }

  /**
   * The same promise that was tried at the start. Where nothing was sealed there was none: what the
   * YAML lets the host mount there is told, and is no reason not to be ready.
   */
  private String check() {
    return sealed ? "sealed-host" : "new-writable-mounts";
  }

  private static String describe(State now) {
    List<String> shown = now.open().subList(0, Math.min(SHOWN, now.open().size()));
    int more = now.total() - shown.size();
    return "writable since the start: "
        + String.join(", ", shown)
        + (more > 0 ? " and " + more + " more" : "");
  }
}
