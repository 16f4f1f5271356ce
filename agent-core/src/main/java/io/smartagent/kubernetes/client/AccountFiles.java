package io.smartagent.kubernetes.client;

import io.smartagent.kubernetes.ClusterAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** What kubelet keeps in a ServiceAccount's volume. */
final class AccountFiles {

  private final ClusterAccess access;

  AccountFiles(ClusterAccess access) {
    this.access = access;
  }

  /**
   * Returns the token as it is now. An invalid header is quoted in an exception's message, and the
   * token with it, so the text is checked before.
   *
   * @throws IOException if it cannot be read or is not valid
   */
  String token() throws IOException {
    String token = Files.readString(Path.of(access.tokenFile())).strip();
    if (token.isEmpty() || !token.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
      throw new InvalidAccountException("\"" + access.tokenFile() + "\" holds no token.");
    }
    return token;
  }

  /**
   * Returns trust managers of the cluster's own authorities only: public ones, which the runtime
   * would add, cannot vouch for this cluster's server.
   *
   * @throws IOException if the file cannot be read or holds no certificate
   */
  TrustManager[] authorities() throws IOException {
    byte[] pem = Files.readAllBytes(Path.of(access.authorityFile()));
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (certificates.isEmpty()) {
        throw noCertificate();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    } catch (CertificateException e) {
      throw noCertificate();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private InvalidAccountException noCertificate() {
    return new InvalidAccountException("\"" + access.authorityFile() + "\" holds no certificate.");
  }
}
