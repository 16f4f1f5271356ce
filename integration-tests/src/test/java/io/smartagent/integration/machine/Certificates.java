package io.smartagent.integration.machine;

import static io.smartagent.integration.machine.Programs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keys and certificates of a cluster that lasts for a test, made by openssl in one directory. */
final class Certificates {

  private static final String NO_EXTENSIONS =
      """
      [req]
      distinguished_name = name
      [name]
      """;

  private final Path directory;

  /**
   * Makes the authority that signs all the others.
   *
   * @param directory that is there, and private
   */
  Certificates(Path directory) {
    this.directory = directory;
    try {
      Files.writeString(file("openssl.cnf"), NO_EXTENSIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    make("ca", "/CN=smartagent-it-ca", "basicConstraints=critical,CA:TRUE");
  }

  /** Makes what a server of this machine shows. */
  void server(String name) {
    signed(name, "/CN=" + name, "subjectAltName=IP:127.0.0.1,DNS:localhost");
  }

  /**
   * Makes what a user shows: kubernetes.io/docs/reference/access-authn-authz/authentication.
   *
   * @param group that it belongs to
   */
  void user(String name, String group) {
    signed(name, "/O=" + group + "/CN=" + name, "extendedKeyUsage=clientAuth");
  }

  /** Makes a pair of keys without a certificate. */
  void keys(String name) {
    run("openssl", "genrsa", "-out", file(name + ".key").toString(), "2048").orFail();
    run("openssl", "rsa", "-pubout", "-in", key(name), "-out", file(name + ".pub").toString())
        .orFail();
  }

  private void signed(String name, String subject, String extension) {
    make(name, subject, extension, "-CA", certificate("ca"), "-CAkey", key("ca"));
  }

  private void make(String name, String subject, String extension, String... authority) {
    List<String> words = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes"));
    words.addAll(List.of("-config", file("openssl.cnf").toString(), "-days", "2"));
    words.addAll(List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"));
    words.addAll(List.of("-subj", subject, "-addext", extension));
    words.addAll(List.of("-keyout", key(name), "-out", certificate(name)));
    words.addAll(List.of(authority));
    run(words).orFail();
  }

  /** Returns the path of a certificate. */
  String certificate(String name) {
    return file(name + ".crt").toString();
  }

  /** Returns the path of a private key. */
  String key(String name) {
    return file(name + ".key").toString();
  }

  /** Returns the path of a public key that {@link #keys} has made. */
  String publicKey(String name) {
    return file(name + ".pub").toString();
  }

  private Path file(String name) {
    return directory.resolve(name);
  }
}
