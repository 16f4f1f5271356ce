package io.smartagent.integration.machine;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Debian's Chromium, without a window. */
public final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final Path profile;
  private final ChromeDriver driver;

  /** Starts a browser with an empty profile. */
  public Browser() {
    try {
      profile = Files.createTempDirectory("smartagent-browser");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .withLogFile(new File("/dev/null"))
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(1));
  }

  /** Returns whether this machine has a browser and what drives it. */
  public static boolean isInstalled() {
    return Stream.of(CHROMIUM, DRIVER).allMatch(Files::isExecutable);
  }

  /**
   * Shows a page on a screen like this one. The browser takes its time to become another screen, so
   * it is asked until it is.
   */
  public Browser open(String address, int width, int height, boolean dark) {
    boolean phone = width < 600;
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    driver.get(address);
    await("a screen of " + width + " pixels, " + (dark ? "dark" : "light"))
        .until(() ->
            ask("return ["
                    + (phone ? "screen.width" : "innerWidth")
                    + ", matchMedia('(prefers-color-scheme: dark)').matches]")
                .equals(List.of((long) width, dark)));
    return this;
  }

  /** Returns what a script in the page returns. */
  public Object ask(String script) {
    return Objects.requireNonNull(driver.executeScript(script), script);
  }

  /** Keeps a picture of the screen among the outputs of the tests. */
  public Path screenshot(String name) {
    try {
      Path directory =
          Files.createDirectories(Path.of(System.getProperty("smartagent.screenshots")));
      return Files.write(
          directory.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
    Programs.run("rm", "-rf", profile.toString());
  }
}
