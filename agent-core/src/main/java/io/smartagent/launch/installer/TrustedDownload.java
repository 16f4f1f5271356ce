package io.smartagent.launch.installer;

import io.smartagent.config.DownloadSettings;
import io.smartagent.config.ExitStatus;
import io.smartagent.launch.LaunchFailure;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Gets the script that the settings name, from a server that they trust. */
public final class TrustedDownload {

  private TrustedDownload() {}

  /**
   * Returns the script.
   *
   * @param caFile the content of the user's own file of certificates; empty where there is none
   * @param hostBundles the contents of the host's own
   * @param environment of the container, for its proxy
   * @param log receives progress
   * @throws LaunchFailure if it is not available
   */
  public static FetchedScript fetch(
      DownloadSettings settings,
      byte[] caFile,
      List<byte[]> hostBundles,
      Map<String, String> environment,
      Consumer<String> log)
      throws LaunchFailure {
    Trust trust;
    try {
      trust =
          settings.skipCertificateCheck()
              ? Trust.inAll()
              : Trust.in(certificates(caFile, hostBundles));
    } catch (IOException | CertificateException e) {
      throw new LaunchFailure(
          ExitStatus.CONFIGURATION,
          "The installer cannot be fetched: "
              + e.getMessage()
              + ". Nothing was installed. Look at"
              + " the file that SMARTAGENT_INSTALLER_CA_FILE names.");
    }
    ScriptServer server = new ScriptServer(trust, new ProxyChoice(environment));
    return new ScriptDownload(settings, server, log).fetch();
  }

  private static List<X509Certificate> certificates(byte[] caFile, List<byte[]> hostBundles)
      throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>(CertificateFile.certificates(caFile));
    for (byte[] bundle : hostBundles) {
      certificates.addAll(CertificateFile.readable(bundle));
    }
    return certificates;
  }
}
