package io.smartagent.launch.installer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority of its own and servers that it has signed, made by keytool. */
public final class TestCertificates {

  private static final String PASSWORD = "changeit";

  private final Path directory;

  private TestCertificates(Path directory) {
    this.directory = directory;
  }

  /** Makes them in a directory: takes a second or two. */
  public static TestCertificates in(Path directory) throws Exception {
    TestCertificates made = new TestCertificates(directory);
    made.keytool(
        "-genkeypair", "-alias", "ca", "-dname", "CN=test", "-ext", "bc:c", "-keyalg", "EC");
    made.keytool("-exportcert", "-alias", "ca", "-rfc", "-file", made.caFile().toString());
    made.server("good", "-ext", "san=dns:localhost");
    made.server("other", "-ext", "san=dns:other.example.com");
    made.server("expired", "-ext", "san=dns:localhost", "-startdate", "-3d", "-validity", "1");
    return made;
  }

  private void server(String name, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-signer", "ca"));
    words.addAll(List.of("-dname", "CN=" + name, "-keyalg", "EC"));
    words.addAll(Arrays.asList(more));
    keytool(words.toArray(String[]::new));
  }

  private void keytool(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(words));
    command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("keytool.log")));
    }
  }

  private Path store() {
    return directory.resolve("store.p12");
  }

  /** Returns the authority's own certificate. */
  public Path caFile() {
    return directory.resolve("ca.pem");
  }

  /** Returns what a server needs to be {@code good}, {@code other} or {@code expired}. */
  public SSLContext server(String name) throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      all.load(in, PASSWORD.toCharArray());
    }
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        name,
        all.getKey(name, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(name));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
