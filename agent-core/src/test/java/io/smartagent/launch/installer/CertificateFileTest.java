package io.smartagent.launch.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateFileTest {

  private static final String BROKEN =
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  @TempDir private static Path directory;
  private static String certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = Files.readString(TestCertificates.in(directory).caFile());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void findsCertificatesAmidOtherText() throws Exception {
    String text = "# ä - the first\n" + certificate + "\r\n# the second\n" + certificate;

    assertThat(CertificateFile.certificates(bytes(text))).hasSize(2);
    assertThat(CertificateFile.readable(bytes(text))).hasSize(2);
  }

  @Test
  void findsNoneWhereThereIsNone() throws Exception {
    assertThat(CertificateFile.certificates(bytes("hello"))).isEmpty();
  }

  @Test
  void refusesABrokenOneButNotInABundleOfTheHost() {
    assertThatThrownBy(() -> CertificateFile.certificates(bytes(certificate + BROKEN)))
        .isInstanceOf(CertificateException.class);
    assertThat(CertificateFile.readable(bytes(certificate + BROKEN))).hasSize(1);
  }

  @Test
  void refusesOneWithoutAnEnd() {
    assertThatThrownBy(
            () -> CertificateFile.certificates(bytes("-----BEGIN CERTIFICATE-----\n!!!!")))
        .isInstanceOf(CertificateException.class);
  }
}
