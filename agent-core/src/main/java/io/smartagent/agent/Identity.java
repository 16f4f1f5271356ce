package io.smartagent.agent;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.UserIds;
import io.smartagent.telemetry.AttestationReport.Check;
import java.util.List;

/** Real, effective and saved ids are those of the user that was decided on. */
final class Identity {

  private static final String NAME = "user";

  private final Credentials credentials;
  private final int uid;
  private final int gid;

  Identity(Credentials credentials, int uid, int gid) {
    this.credentials = credentials;
    this.uid = uid;
    this.gid = gid;
  }

  Check check() throws ErrnoException {
    UserIds users = credentials.users();
    UserIds groups = credentials.groups();
    if (!users.all(uid) || !groups.all(gid)) {
      return new Check(
          NAME,
          false,
          "uid and gid should be "
              + ids(List.of(uid, gid))
              + "; real, effective and saved ones are "
              + ids(List.of(users.real(), users.effective(), users.saved()))
              + " and "
              + ids(List.of(groups.real(), groups.effective(), groups.saved())));
    }
    List<Integer> supplementary = credentials.supplementaryGroups();
    return new Check(
        NAME,
        true,
        "uid "
            + Integer.toUnsignedString(uid)
            + ", gid "
            + Integer.toUnsignedString(gid)
            + ", groups "
            + (supplementary.isEmpty() ? "none" : ids(supplementary)));
  }

  private static String ids(List<Integer> ids) {
    return String.join(" ", ids.stream().map(Integer::toUnsignedString).toList());
  }
}
