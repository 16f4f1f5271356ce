package io.smartagent.launch.installer;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificates that a server must have one of for a script to be fetched from it.
 *
 * @param context with the certificates that are trusted
 * @param all whether any certificate and any name in it will do
 */
record Trust(SSLContext context, boolean all) {

  /** Returns the trust in what Java trusts and in more certificates. */
  static Trust in(List<X509Certificate> more) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = addStandard(store);
      for (X509Certificate certificate : more) {
        store.setCertificateEntry("added-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return new Trust(context(factory.getTrustManagers()), false);
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates that are trusted cannot be used: " + e, e);
    }
  }

  /** Returns the trust in any server. */
  static Trust inAll() throws IOException {
    try {
      return new Trust(context(new TrustAllManager()), true);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be used: " + e, e);
    }
  }

  /** Has a connection trust these only. */
  void applyTo(HttpsURLConnection connection) {
    connection.setSSLSocketFactory(context.getSocketFactory());
    if (all) {
      connection.setHostnameVerifier((host, session) -> true);
    }
  }

  private static SSLContext context(TrustManager... managers) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers, null);
    return context;
  }

  /** The run-time's own, which Mozilla's programme has chosen. */
  private static int addStandard(KeyStore store) throws GeneralSecurityException, IOException {
    Path file = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore standard = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      standard.load(in, null);
    }
    int number = 0;
    for (String alias : Collections.list(standard.aliases())) {
      store.setCertificateEntry("standard-" + number++, standard.getCertificate(alias));
    }
    return number;
  }

  /** Checks nothing: for SMARTAGENT_INSTALLER_SKIP_CERT_CHECK, with a warning. */
  private static final class TrustAllManager extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
