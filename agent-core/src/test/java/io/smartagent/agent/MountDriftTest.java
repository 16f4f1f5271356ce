package io.smartagent.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.agent.MountDrift.Change;
import io.smartagent.kernel.mount.MountPoint;
import io.smartagent.kernel.mount.MountTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MountDriftTest {

  private static final String SEALED =
      """
      100 1 8:1 / / ro,relatime - ext4 /dev/sda1 rw
      101 100 0:40 / /media rw,relatime - autofs systemd-1 rw
      104 100 8:3 /lib/bonree /var/lib/bonree rw,noatime - ext4 /dev/sda3 rw
      105 100 0:41 / /tmp rw,nosuid,nodev - tmpfs tmpfs rw
      """;

  private static final String LATER = "200 100 0:60 / /srv/data rw - tmpfs later rw\n";

  private final MountDrift sealed = MountDrift.ofSealed(List.of("/tmp", "/var/lib/bonree"));
  private final MountDrift unsealed = MountDrift.ofUnsealed(List.of("/var/lib/bonree"));

  private static List<String> paths(List<MountPoint> mounts) {
    return mounts.stream().map(MountPoint::path).toList();
  }

  private static Change compare(MountDrift drift, String mountinfo) {
    return drift.compare(MountTable.parse(mountinfo));
  }

  @Test
  void findsNothingInASealedHost() {
    Change change = compare(sealed, SEALED);

    assertThat(change.appeared()).isEmpty();
    assertThat(change.total()).isZero();
  }

  @Test
  void tellsOfAWritableMountOnceAndThatItIsGone() {
    compare(sealed, SEALED);

    Change appeared = compare(sealed, SEALED + LATER);
    assertThat(paths(appeared.appeared())).containsExactly("/srv/data");
    assertThat(appeared.total()).isOne();
    Change still = compare(sealed, SEALED + LATER);
    assertThat(still.appeared()).isEmpty();
    assertThat(still.total()).isOne();
    assertThat(paths(sealed.named())).containsExactly("/srv/data");

    Change gone = compare(sealed, SEALED);
    assertThat(paths(gone.gone())).containsExactly("/srv/data");
    assertThat(gone.total()).isZero();
    assertThat(sealed.named()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 100 0:60 / /srv/data ro - tmpfs later rw\n",
        "200 100 0:60 / /srv/data rw - autofs later rw\n",
        "200 105 0:60 / /tmp/data rw - tmpfs later rw\n",
        "200 104 0:60 / /var/lib/bonree/data rw - tmpfs later rw\n",
        "200 100 0:60 / /srv/data rw - tmpfs a rw\n201 200 0:61 / /srv/data ro - tmpfs b rw\n",
      })
  void saysNothingOfWhatCannotBeWrittenOrMayBe(String mount) {
    compare(sealed, SEALED);

    assertThat(compare(sealed, SEALED + mount).total()).isZero();
  }

  @Test
  void tellsOfASealThatIsTakenBack() {
    compare(sealed, SEALED);

    Change change = compare(sealed, SEALED.replace("/ / ro", "/ / rw"));

    assertThat(paths(change.appeared())).containsExactly("/");
  }

  @Test
  void tellsOfAnotherMountAtTheSamePlaceWithTheSameNumber() {
    compare(sealed, SEALED + LATER);

    Change change = compare(sealed, SEALED + LATER.replace("0:60", "0:61"));

    assertThat(change.gone()).hasSize(1);
    assertThat(change.appeared()).hasSize(1);
  }

  @Test
  void toleratesWhatCouldBeWrittenFromTheStartWhereNothingWasSealed() {
    String start = SEALED + "106 100 8:4 / /data rw - ext4 /dev/sda4 rw\n";

    assertThat(compare(unsealed, start).total()).isZero();
    assertThat(paths(compare(unsealed, start + LATER).appeared())).containsExactly("/srv/data");
    assertThat(paths(compare(unsealed, start.replace("/ / ro", "/ / rw")).appeared()))
        .containsExactly("/");
  }

  @Test
  void doesNotTolerateForEverWhatHasTheNumberOfOneThatIsGone() {
    String start = SEALED + "106 100 8:4 / /data rw - ext4 /dev/sda4 rw\n";
    compare(unsealed, start);
    compare(unsealed, SEALED);

    assertThat(paths(compare(unsealed, start).appeared())).containsExactly("/data");
  }

  @Test
  void namesAHundredAndCountsTheOthers() {
    StringBuilder many = new StringBuilder(SEALED);
    for (int i = 0; i < 250; i++) {
      many.append(300 + i).append(" 100 0:60 / /srv/").append(i).append(" rw - tmpfs t rw\n");
    }

    Change first = compare(sealed, many.toString());
    assertThat(first.appeared()).hasSize(MountDrift.NAMED);
    assertThat(first.total()).isEqualTo(250);
    assertThat(compare(sealed, many.toString()).appeared()).isEmpty();

    Change fewer = compare(sealed, many.toString().replaceAll("(?m)^3[0-4]\\d 100 .*\n", ""));
    assertThat(fewer.gone()).hasSize(50);
    assertThat(fewer.appeared()).hasSize(50);
    assertThat(fewer.total()).isEqualTo(200);
  }
}
