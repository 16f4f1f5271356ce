package io.smartagent.kernel;

import io.smartagent.kernel.capability.Capability;
import io.smartagent.kernel.file.Descriptor;
import io.smartagent.kernel.security.AccessRight;
import io.smartagent.kernel.security.Landlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a ruleset allows to write files, and from when on. Other rights are only recorded. */
final class RecordingLandlock implements Landlock {

  private final CallLog log;
  private final ThreadState thread;
  private final RecordingFilesystem filesystem;
  private final Map<Integer, List<String>> rulesets = new HashMap<>();
  private int abi = 3;
  private boolean ignored;

  RecordingLandlock(CallLog log, ThreadState thread, RecordingFilesystem filesystem) {
    this.log = log;
    this.thread = thread;
    this.filesystem = filesystem;
  }

  void abi(int version) {
    abi = version;
  }

  void ignoreRestrictions() {
    ignored = true;
  }

  private static String names(Set<AccessRight> rights) {
    return rights.stream().sorted().map(AccessRight::name).collect(Collectors.joining("|"));
  }

  @Override
  public int abi() throws ErrnoException {
    log.read("landlock_create_ruleset(LANDLOCK_CREATE_RULESET_VERSION)");
    return abi;
  }

  @Override
  public Descriptor createRuleset(Set<AccessRight> handled) throws ErrnoException {
    String call = "landlock_create_ruleset(" + names(handled) + ")";
    log.change(
        call,
        () -> {
          if (!AccessRight.knownTo(abi).containsAll(handled)) {
            throw new CallLog.Refusal(Errno.EINVAL);
          }
        });
    Descriptor ruleset = filesystem.openDirectory("/");
    rulesets.put(ruleset.number(), new ArrayList<>());
    return ruleset;
  }

  @Override
  public void allowBeneath(Descriptor ruleset, Descriptor place, Set<AccessRight> allowed)
      throws ErrnoException {
    String path = filesystem.pathOf(place);
    boolean directory = filesystem.status(place).isDirectory();
    log.change(
        "landlock_add_rule(LANDLOCK_RULE_PATH_BENEATH, \"" + path + "\", " + names(allowed) + ")",
        () -> {
          if (!directory && !allowed.stream().allMatch(AccessRight::isOfFiles)) {
            throw new CallLog.Refusal(Errno.EINVAL);
          }
          rulesets.getOrDefault(ruleset.number(), new ArrayList<>()).add(path);
        });
  }

  @Override
  public void restrictSelf(Descriptor ruleset) throws ErrnoException {
    log.change(
        "landlock_restrict_self()",
        () -> {
          if (!thread.noNewPrivileges) {
            thread.require(Capability.CAP_SYS_ADMIN);
          }
          if (!ignored) {
            thread.writable = List.copyOf(rulesets.getOrDefault(ruleset.number(), List.of()));
          }
        });
  }
}
