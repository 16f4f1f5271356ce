package io.smartagent.integration;

import static io.smartagent.integration.Launches.module;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartagent.integration.machine.Browser;
import io.smartagent.integration.machine.HostRoot;
import io.smartagent.integration.machine.Launcher;
import io.smartagent.integration.machine.RunningContainer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page at / as one browser shows it, of an agent that lacks a capability. */
@Execution(ExecutionMode.SAME_THREAD)
final class StatusPageIT {

  /** WCAG 2.2, 1.4.3: for text of ordinary size. */
  private static final double LEAST_CONTRAST = 4.5;

  /**
   * Returns each text's contrast with what lies behind it, its size in CSS pixels, and the text.
   */
  private static final String TEXTS =
      """
      const luminance = c => {
        const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const background = luminance(getComputedStyle(document.documentElement).backgroundColor);
      const texts = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (walker.currentNode.data.trim() && element.getClientRects().length) {
          const style = getComputedStyle(element);
          const own = luminance(style.color);
          const contrast = (Math.max(own, background) + 0.05) / (Math.min(own, background) + 0.05);
          texts.push([contrast, parseFloat(style.fontSize), walker.currentNode.data.trim()]);
        }
      }
      return texts;
      """;

  private static final List<AutoCloseable> THINGS = new ArrayList<>();
  private static RunningContainer agent;
  private static Browser browser;
  private static String address;

  @BeforeAll
  static void startTheAgent() {
    assumeTrue(Browser.isInstalled(), "there is no /usr/bin/chromium with /usr/bin/chromedriver");
    HostRoot root = HostRoot.machine();
    THINGS.addFirst(root);
    Launcher launcher = Launcher.on(root).user("nobody").without("SYSLOG");
    agent = launcher.startAgent();
    THINGS.addFirst(agent);
    agent.awaitReady();
    await("first sights of " + agent.name())
        .atMost(RunningContainer.TIMEOUT)
        .until(() ->
            module(agent.status(), "application-discovery").get("health").hasNonNull("observed"));
    address = "http://127.0.0.1:" + launcher.port() + "/";
    browser = new Browser();
    THINGS.addFirst(browser);
  }

  @AfterAll
  static void closeThings() throws Exception {
    for (AutoCloseable thing : THINGS) {
      thing.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "phone, 390, 844, false",
    "phone, 390, 844, true",
    "wall, 1920, 1080, false",
    "wall, 1920, 1080, true",
    "wall, 3840, 2160, false"
  })
  void isReadableAtAGlance(String screen, int width, int height, boolean dark) throws Exception {
    browser.open(address, width, height, dark);

    assertThat(
            Files.size(
                browser.screenshot("status-" + screen + "-" + width + (dark ? "-dark" : "-light"))))
        .isPositive();
    assertThat(number("document.documentElement.scrollWidth"))
        .as("nothing is wider than the screen")
        .isLessThanOrEqualTo(width);
    List<?> texts = (List<?>) browser.ask(TEXTS);
    double smallest = screen.equals("wall") ? width / 150.0 : 13;
    assertThat(texts).isNotEmpty();
    for (Object each : texts) {
      List<?> text = (List<?>) each;
      assertThat(((Number) text.get(0)).doubleValue())
          .as("contrast of %s", text)
          .isGreaterThanOrEqualTo(LEAST_CONTRAST);
      assertThat(((Number) text.get(1)).doubleValue())
          .as("size of %s", text)
          .isGreaterThanOrEqualTo(Math.min(smallest, 16));
    }
    assertThat(number("luminance(getComputedStyle(document.documentElement).backgroundColor)"))
        .as("brightness of the background")
        .isBetween(dark ? 0.0 : 0.9, dark ? 0.1 : 1.0001);
  }

  private static double number(String expression) {
    String luminance =
        "const luminance = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);"
            + " return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; };";
    return ((Number) browser.ask(luminance + "return " + expression)).doubleValue();
  }

  /** The state of every module is on a wall's first screen. */
  @Test
  void showsEveryModuleOnOneScreen() {
    browser.open(address, 1920, 1080, false);

    assertThat(
            number(
                "Math.max(...[...document.querySelectorAll('tbody')[0].rows]"
                    + ".map(row => row.cells[1].getBoundingClientRect().top))"))
        .isLessThan(1080);
  }

  @Test
  void saysOfEveryModuleWhatStatusSays() {
    browser.open(address, 1920, 1080, false);
    List<?> rows =
        (List<?>)
            browser.ask(
                "return [...document.querySelectorAll('tbody')[0].rows]"
                    + ".map(row => [...row.cells].map(cell => cell.innerText))");
    JsonNode modules = agent.status().get("modules");

    assertThat(rows).hasSize(modules.size());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode module = modules.get(i);
      List<?> cells = (List<?>) rows.get(i);
      assertThat(cells.get(0)).isEqualTo(module.get("id").asText());
      assertThat(String.valueOf(cells.get(1))).startsWith(module.get("state").asText());
      assertThat(cells.get(2)).isEqualTo(module.get("source").asText(""));
      assertThat(cells.get(5)).isEqualTo(module.get("effect").asText(""));
      assertThat(cells.get(6)).isEqualTo(module.get("remedy").asText(""));
    }
    JsonNode events = module(agent.status(), "host-events");
    assertThat(events.get("state").asText()).isEqualTo("degraded");
    assertThat(events.get("effect").asText()).isNotEmpty();
    assertThat(events.get("remedy").asText()).contains("SYSLOG");
  }

  @Test
  void loadsNothingFromAnywhere() {
    browser.open(address, 1280, 800, false);

    assertThat(browser.ask("return performance.getEntriesByType('resource').map(e => e.name)"))
        .isEqualTo(List.of());
    assertThat(String.valueOf(browser.ask("return document.documentElement.outerHTML")))
        .doesNotContain("<script", "<img", "<link", "src=")
        .satisfies(html -> assertThat(html.toLowerCase(Locale.ROOT)).doesNotContain("http://"));
  }
}
