package io.smartagent.config;

import java.util.Optional;

/**
 * Where a script is downloaded from, and what it is checked against.
 *
 * @param url of the script, https; its query may be a secret too
 * @param shownUrl the same as it may be shown: scheme, host, port and path
 * @param token that is sent as bearer token to the url's own server; empty where there is none
 * @param skipCertificateCheck whether any certificate is trusted
 * @param caFile in the container, with certificates to trust too; empty where there is none
 * @param sha256 that the script must have, in lower case; empty where any will do
 */
public record DownloadSettings(
    Secret url,
    String shownUrl,
    Optional<Secret> token,
    boolean skipCertificateCheck,
    Optional<String> caFile,
    Optional<String> sha256) {

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
