package io.smartagent.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the user wants to have installed and started instead of the built-in agent.
 *
 * @param url of the script, https; its query may be a secret too
 * @param shownUrl the same as it may be shown: scheme, host, port and path
 * @param token that is sent as bearer token to the url's own server; empty where there is none
 * @param skipCertificateCheck whether any certificate is trusted
 * @param caFile in the container, with certificates to trust too; empty where there is none
 * @param sha256 that the script must have, in lower case; empty where any will do
 * @param patience how long the script may run
 * @param always whether it runs although it has run before
 * @param command what is started afterwards: an absolute path of the host, and arguments
 */
public record InstallerSettings(
    Secret url,
    String shownUrl,
    Optional<Secret> token,
    boolean skipCertificateCheck,
    Optional<String> caFile,
    Optional<String> sha256,
    Duration patience,
    boolean always,
    List<String> command) {

  /** Copies the list. */
  public InstallerSettings {
    command = List.copyOf(command);
  }

  /**
   * Returns what of an address may be shown: neither the part before an {@code @}, which is a name
   * and a password, nor a query or fragment, which may be a token.
   *
   * @param url that need not be a well-formed one
   */
  public static String withoutSecrets(String url) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < url.length() && "?#".indexOf(url.charAt(i)) < 0; i++) {
      shown.append(url.charAt(i) < ' ' ? '\ufffd' : url.charAt(i));
    }
    int authority = shown.indexOf("//");
    int at = shown.lastIndexOf("@");
    if (at >= 0) {
      shown.delete(authority < 0 || authority > at ? 0 : authority + 2, at + 1);
    }
    return shown.toString();
  }
}
