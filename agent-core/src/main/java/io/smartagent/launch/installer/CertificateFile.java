package io.smartagent.launch.installer;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The certificates in a file in PEM (RFC 7468). Text around them, such as the names that some
 * distributions write above each, is not looked at.
 */
public final class CertificateFile {

  /** The most bytes of such a file; a distribution's whole bundle has a fiftieth of that. */
  public static final int LIMIT = 16 << 20;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private CertificateFile() {}

  /**
   * Returns all certificates in a file.
   *
   * @throws CertificateException if one is invalid
   */
  public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String block : blocks(pem)) {
      certificates.add(certificate(block));
    }
    return certificates;
  }

  /** Returns the certificates in a file that Java can read: a host's bundle may hold others. */
  static List<X509Certificate> readable(byte[] pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (String block : blocks(pem)) {
      try {
        certificates.add(certificate(block));
      } catch (CertificateException e) {
        // What is not trusted because of it is reported when a server has it.
      }
    }
    return certificates;
  }

  private static List<String> blocks(byte[] pem) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    List<String> blocks = new ArrayList<>();
    int begin = text.indexOf(BEGIN);
    while (begin >= 0) {
      int start = begin + BEGIN.length();
      int end = text.indexOf(END, start);
      blocks.add(text.substring(start, end < 0 ? text.length() : end));
      begin = end < 0 ? -1 : text.indexOf(BEGIN, end);
    }
    return blocks;
  }

  private static X509Certificate certificate(String block) throws CertificateException {
    try {
      byte[] der = Base64.getMimeDecoder().decode(block);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IllegalArgumentException notBase64) {
      throw new CertificateException("it is not in base 64", notBase64);
    }
  }
}
