package io.smartagent.launch.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyChoiceTest {

  private static final URI SERVER = URI.create("https://get.example.com/a");

  private static Proxy to(Map<String, String> environment) {
    return new ProxyChoice(environment).to(SERVER);
  }

  @Test
  void isNoneByDefault() {
    assertThat(to(Map.of("HTTP_PROXY", "http://127.0.0.1:1"))).isEqualTo(Proxy.NO_PROXY);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://127.0.0.1:3128",
    "https_proxy, 127.0.0.1:3128",
    "HTTPS_PROXY, HTTP://127.0.0.1:3128/"
  })
  void isTheOneThatIsNamed(String name, String value) {
    assertThat(to(Map.of(name, value)))
        .isEqualTo(
            new Proxy(
                Proxy.Type.HTTP, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 3128)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "example.com", ".example.com", "a, GET.example.com"})
  void isNotForExemptHosts(String exempt) {
    assertThat(to(Map.of("HTTPS_PROXY", "http://127.0.0.1:3128", "NO_PROXY", exempt)))
        .isEqualTo(Proxy.NO_PROXY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ample.com", "other.com", "a.get.example.com"})
  void isForTheOthers(String exempt) {
    assertThat(to(Map.of("HTTPS_PROXY", "http://127.0.0.1:3128", "NO_PROXY", exempt)).type())
        .isEqualTo(Proxy.Type.HTTP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1",
        "http://me:s3cret@127.0.0.1:1",
        "http://h",
        "http:// s3cret"
      })
  void refusesWhatItCannotUseWithoutShowingIt(String value) {
    assertThatThrownBy(() -> to(Map.of("HTTPS_PROXY", value)))
        .hasMessageStartingWith("HTTPS_PROXY is no address of the form http://HOST:PORT.")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }
}
