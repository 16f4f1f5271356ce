package io.smartagent.modules.logdiscovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.logdiscovery.LogChange.Found;
import io.smartagent.modules.logdiscovery.LogChange.Gone;
import io.smartagent.modules.logdiscovery.LogChange.Method;
import io.smartagent.modules.logdiscovery.LogChange.Rotated;
import io.smartagent.modules.logdiscovery.LogRules.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LogCatalogTest {

  private static final String CONTAINER = "mnt:[4026532000]";

  private final LogCatalog catalog = new LogCatalog();

  private static Sighting file(long inode, String path, long size) {
    return file(inode, new Place(CONTAINER, path), size);
  }

  private static Sighting file(long inode, Place place, long size) {
    Spot.Held held = new Spot.Held(4711, (int) inode);
    return new Sighting(new FileId(1, inode), size, place, held, Verdict.LOG, held, 7);
  }

  private static LogFile log(Sighting sighting, @Nullable LogFile before) {
    return new LogFile(
        sighting.id(),
        sighting.place(),
        sighting.place(),
        sighting.size(),
        null,
        sighting.mount(),
        null,
        CgroupOwner.NONE,
        null,
        LogFile.Origin.FILE,
        before == null ? LogGuess.UNKNOWN : before.guess());
  }

  private List<String> pass(Sighting... sightings) {
    return catalog.update(Arrays.asList(sightings), LogCatalogTest::log).stream()
        .map(LogCatalogTest::text)
        .toList();
  }

  private static String text(LogChange change) {
    return switch (change) {
      case Found(LogFile log) -> "found " + log.place().path() + " " + log.id().inode();
      case Gone(LogFile log) -> "gone " + log.place().path() + " " + log.id().inode();
      case Rotated(LogFile before, LogFile now, Method method, String to) ->
          "%s %s %d to %d, old at %s"
              .formatted(
                  method.id(), now.place().path(), before.id().inode(), now.id().inode(), to);
    };
  }

  @Test
  void tellsEachLogOnce() {
    assertThat(pass(file(1, "/a.log", 9), file(1, "/a.log", 9))).containsExactly("found /a.log 1");
    assertThat(pass(file(1, "/a.log", 99))).isEmpty();
    assertThat(pass()).containsExactly("gone /a.log 1");
    assertThat(pass()).isEmpty();
  }

  @Test
  void followsARotationByRename() {
    pass(file(1, "/a.log", 9));

    // Renamed, and the process goes on in the old file until it is told.
    assertThat(pass(file(1, "/a.log.1", 12))).isEmpty();
    assertThat(pass(file(2, "/a.log", 0))).containsExactly("create /a.log 1 to 2, old at null");
    assertThat(pass(file(2, "/a.log", 5), file(1, "/a.log.1", 12)))
        .as("the old file, open again for the sake of compression")
        .containsExactly("found /a.log.1 1");
  }

  @Test
  void knowsWhereTheOldFileIsWhileItIsOpen() {
    pass(file(1, "/a.log", 9));

    assertThat(pass(file(1, "/a.log.1", 12), file(2, "/a.log", 0)))
        .containsExactly("create /a.log 1 to 2, old at /a.log.1");
    assertThat(pass(file(1, "/a.log.1", 13), file(2, "/a.log", 0))).isEmpty();
    assertThat(pass(file(1, "/a.log.2", 13), file(2, "/a.log", 0))).isEmpty();
    assertThat(catalog.logs()).hasSize(1);
  }

  @Test
  void followsARotationByCopyingAndTruncating() {
    pass(file(1, "/a.log", 9));

    assertThat(pass(file(1, "/a.log", 3)))
        .containsExactly("copytruncate /a.log 1 to 1, old at null");
    assertThat(pass(file(1, "/a.log", 4))).isEmpty();
  }

  /** ext4 gives the number of a file that was removed to the next one that is made. */
  @Test
  void isNotMisledByANumberThatIsUsedAgain() {
    pass(file(1, "/a.log", 9));

    assertThat(pass(file(1, "/other/b.log", 20)))
        .containsExactly("gone /a.log 1", "found /other/b.log 1");
    pass(file(1, "/other/b.log.1", 20), file(2, "/other/b.log", 1));

    assertThat(pass(file(1, "/c.log", 5), file(2, "/other/b.log", 1)))
        .containsExactly("found /c.log 1");
  }

  @Test
  void takesTheSamePathInTwoContainersForTwoLogs() {
    Place here = new Place(CONTAINER, "/a.log");
    Place there = new Place("mnt:[4026532001]", "/a.log");

    assertThat(pass(file(1, here, 9), file(2, there, 9))).hasSize(2);
    assertThat(pass(file(1, here, 9))).containsExactly("gone /a.log 2");
  }

  /** As a volume that two containers share. */
  @Test
  void takesOneFileUnderTwoPathsForOneLog() {
    Place here = new Place(CONTAINER, "/a.log");
    Place there = new Place("mnt:[4026532001]", "/volume/b.log");
    pass(file(1, here, 9), file(1, there, 9));

    assertThat(pass(file(1, there, 9), file(1, here, 9))).isEmpty();
    assertThat(pass(file(1, there, 9))).isEmpty();
    assertThat(catalog.logs().getFirst().place()).isEqualTo(here);
  }

  /** Names that are not UTF-8 may look alike. */
  @Test
  void takesTwoFilesOfOneNameForTwoLogs() {
    assertThat(pass(file(1, "/\uFFFD.log", 9), file(2, "/\uFFFD.log", 9))).hasSize(2);
    assertThat(pass(file(1, "/\uFFFD.log", 9), file(2, "/\uFFFD.log", 9))).isEmpty();
  }

  @Test
  void leavesRoomForOthersWhereAContainerHasTooMany() {
    Sighting[] flood =
        IntStream.range(0, 1500)
            .mapToObj(i -> file(i, "/" + i + ".log", 1))
            .toArray(Sighting[]::new);

    assertThat(pass(flood)).hasSize(LogCatalog.MOST_OF_A_CONTAINER);
    assertThat(catalog.notFollowed()).isEqualTo(500);

    Sighting[] host =
        IntStream.range(0, 6000)
            .mapToObj(i -> file(10_000 + i, Place.onHost("/" + i + ".log"), 1))
            .toArray(Sighting[]::new);
    pass(host);
    assertThat(catalog.logs()).hasSizeLessThanOrEqualTo(LogCatalog.MOST);
  }

  /** New processes are looked at first: a child that has inherited the descriptor among them. */
  @Test
  void takesAParentAndNotItsChildForTheWriter() {
    Sighting parent = file(7, "/var/log/a.log", 5);
    Spot.Held inherited = new Spot.Held(4800, 7);
    Sighting child =
        new Sighting(
            parent.id(), 5, parent.place(), inherited, Verdict.LOG, inherited, parent.mount());
    List<Sighting> examined = new ArrayList<>();

    catalog.update(
        List.of(child, parent),
        (sighting, before) -> {
          examined.add(sighting);
          return log(sighting, before);
        });

    assertThat(examined).containsExactly(parent);
  }
}
