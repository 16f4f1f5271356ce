package io.smartagent.agent;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.launch.LaunchRecord;
import io.smartagent.telemetry.AttestationReport;
import io.smartagent.telemetry.AttestationReport.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * Tries what the launcher promised to have made impossible. A check that cannot be made has not
 * passed.
 */
final class Attestation {

  /** What a launch record calls the seals. */
  static final String BY_REMOUNT = "remount";

  static final String BY_LANDLOCK = "landlock";
  static final String BY_MOUNTS = "mounts";

  /** Of one attempt. Only a mount whose server is gone takes longer than a millisecond. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final Kernel kernel;
  private final LaunchRecord record;
  private final OpenDescriptors openAtStart;
  private final StrayDescriptors strayDescriptors;

  Attestation(
      Kernel kernel,
      LaunchRecord record,
      OpenDescriptors openAtStart,
      StrayDescriptors strayDescriptors) {
    this.kernel = kernel;
    this.record = record;
    this.openAtStart = openAtStart;
    this.strayDescriptors = strayDescriptors;
  }

  /**
   * Makes all checks.
   *
   * @param threads what came of taking the capabilities from all other threads
   */
  AttestationReport attest(Check threads) throws InterruptedException {
    List<Check> checks = new ArrayList<>();
    checks.add(threads);
    checks.add(strayDescriptors.check(openAtStart));
    checks.add(
        guarded(
            "user",
            () ->
                new Identity(kernel.credentials(), record.user().uid(), record.user().gid())
                    .check()));
    if (record.privileges().noNewPrivileges()) {
      checks.add(guarded("no-new-privileges", this::noNewPrivileges));
    }
    try (Attempts attempts = new Attempts(kernel, PATIENCE)) {
      if (record.root().sealed()) {
        checks.add(guarded("sealed-host", () -> sealedHost(attempts)));
      }
      if (record.root().seal().equals(BY_MOUNTS) || record.root().seal().equals(BY_LANDLOCK)) {
        checks.add(guarded(YamlMounts.NAME, () -> yamlMounts(attempts)));
      }
      if (record.root().seal().equals(BY_LANDLOCK)) {
        checks.add(guarded(RestrictedHost.NAME, () -> restrictedHost(attempts)));
      }
      LeastCapabilities capabilities =
          new LeastCapabilities(kernel.capabilities(), record.privileges().kept());
      checks.add(guarded("dropped-capabilities", () -> attempts.make(capabilities::check)));
    }
    return new AttestationReport(checks);
  }

  private Check noNewPrivileges() throws ErrnoException {
    return kernel.capabilities().noNewPrivileges()
        ? new Check("no-new-privileges", true, "no_new_privs is set")
        : new Check("no-new-privileges", false, "no_new_privs was set and is not");
  }

  private Check sealedHost(Attempts attempts) throws ErrnoException, InterruptedException {
    SealedHost host =
        new SealedHost(
            kernel.filesystem(), attempts, record.root().writable(), ProcessHandle.current().pid());
    return host.check(kernel.mounts().table());
  }

  private Check yamlMounts(Attempts attempts) throws ErrnoException, InterruptedException {
    return new YamlMounts(kernel.filesystem(), attempts, record, ProcessHandle.current().pid())
        .check(kernel.mounts().table());
  }

  private Check restrictedHost(Attempts attempts)
      throws ErrnoException, InterruptedException, TimeoutException {
    return new RestrictedHost(kernel, attempts, record, ProcessHandle.current().pid())
        .check(kernel.mounts().table());
  }

  private static Check guarded(String name, Callable<Check> check) throws InterruptedException {
    try {
      return check.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (TimeoutException e) {
      return new Check(name, false, "the kernel did not answer in time");
    } catch (ErrnoException e) {
      return new Check(name, false, "it could not be checked: " + e.getMessage());
    } catch (Exception e) {
      return new Check(name, false, "it could not be checked: " + e);
    }
  }
}
