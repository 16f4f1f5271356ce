package io.smartagent.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BoundedMapTest {

  @Test
  void removesWhatWasAddedFirstAndSaysSo() {
    List<Integer> removed = new ArrayList<>();
    Map<String, Integer> map = BoundedMap.ofNewest(2, removed::add);
    map.put("a", 1);
    map.put("b", 2);
    assertThat(map.get("a")).isEqualTo(1);
    map.put("c", 3);

    assertThat(map).containsOnlyKeys("b", "c");
    assertThat(removed).containsExactly(1);
  }

  @Test
  void removesWhatWasUsedLongestAgo() {
    Map<String, Integer> map = BoundedMap.ofRecentlyUsed(2);
    map.put("a", 1);
    map.put("b", 2);
    assertThat(map.get("a")).isEqualTo(1);
    map.put("c", 3);

    assertThat(map).containsOnlyKeys("a", "c");
  }
}
